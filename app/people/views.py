from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.people import queries, services
from app.people.forms import PasswordForm, SignInForm, StartForm
from app.people.models import Account
from app.people.throttling import TooManyTries, count_try
from app.web import session

blueprint = Blueprint("people", __name__)

Answer = str | Response | tuple[str, int]

TOO_MANY_TRIES = _l("There were too many tries to sign in. Wait 15 minutes, then try again.")


@blueprint.route("/start", methods=["GET", "POST"])
def start() -> Answer:
    """The first start: an organisation and the account that runs its surveys."""
    if queries.has_organisation(session()):
        return _started_already()
    form = StartForm()
    if not form.validate_on_submit():
        return render_template("people/start.html", form=form), _status_of(form)
    try:
        account = services.start(
            session(),
            organisation_name=form.organisation.data or "",
            name=form.name.data or "",
            email=form.email.data or "",
            password=form.password.data or "",
        )
    except services.AlreadyStarted:
        return _started_already()
    _sign_in(account)
    flash(_("Welcome to Ninefold. Everything is ready for your first round."), "success")
    return redirect(url_for("surveys.home"))


def _started_already() -> Response:
    flash(_("Ninefold is set up already. Please sign in."), "info")
    return redirect(url_for("people.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    if not queries.has_organisation(session()):
        return redirect(url_for("people.start"))
    form = SignInForm()
    if request.method == "GET":
        form.next.data = _local_path(request.args.get("next", ""))
        if current_user.is_authenticated:
            return redirect(form.next.data or url_for("surveys.home"))
    if not form.validate_on_submit():
        return render_template("people/sign_in.html", form=form), _status_of(form)
    email = form.email.data or ""
    try:
        count_try(account=email, address=request.remote_addr or "")
    except TooManyTries:
        form.form_errors = [TOO_MANY_TRIES]
        return render_template("people/sign_in.html", form=form), HTTPStatus.TOO_MANY_REQUESTS
    account = services.find_by_password(session(), email=email, password=form.password.data or "")
    if account is None:
        form.form_errors = [_("This mail address and this password do not belong together.")]
        return render_template("people/sign_in.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    _sign_in(account)
    return redirect(_local_path(form.next.data or "") or url_for("surveys.home"))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    token = cookie.get("sign_in")
    if isinstance(token, str):
        services.close_sign_in(session(), token=token)
    _forget_sign_in()
    # Not a flashed message: the browser throws the cookie away that would carry it.
    response = redirect(url_for("people.sign_in", signed_out=1))
    if not cookie:
        response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return response


@blueprint.route("/account", methods=["GET", "POST"])
@sign_in_required
def account() -> Answer:
    """Change one's password; that signs every browser out."""
    mine = current_account()
    form = PasswordForm(names=(mine.name, mine.email, mine.organisation.name))
    if not form.validate_on_submit():
        return render_template("people/account.html", form=form, account=mine), _status_of(form)
    try:
        count_try(account=mine.email, address=request.remote_addr or "")
    except TooManyTries:
        form.form_errors = [TOO_MANY_TRIES]
        return render_template("people/account.html", form=form, account=mine), HTTPStatus.TOO_MANY_REQUESTS
    found = services.find_by_password(session(), email=mine.email, password=form.current_password.data or "")
    if found is None:
        form.current_password.errors = [_("This is not your current password.")]
        return render_template("people/account.html", form=form, account=mine), _status_of(form)
    services.change_password(session(), account=found, password=form.new_password.data or "")
    _forget_sign_in()
    flash(_("Your password is changed and every browser is signed out. Sign in with the new one."), "success")
    return redirect(url_for("people.sign_in"))


def _sign_in(account: Account) -> None:
    """A new token for this browser, and the former one's row gone: nobody can have planted it before."""
    former = cookie.get("sign_in")
    if isinstance(former, str):
        services.close_sign_in(session(), token=former)
    _forget_sign_in()
    now = utc_now()
    cookie["sign_in"] = services.open_sign_in(session(), account=account, now=now)
    cookie["seen"] = int(now.timestamp())


def _forget_sign_in() -> None:
    """Empty the cookie of all that belongs to a facilitator.

    What the same browser keeps as somebody who answers stays: without it, a facilitator who also answers could
    never again change an answer that was given in Unattributed mode.
    """
    for key in ("sign_in", "seen", "csrf_token", "_flashes"):
        cookie.pop(key, None)


def _status_of(form: StartForm | SignInForm | PasswordForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK


def _local_path(target: str) -> str:
    """The target if it is a page of this server, else nothing: a link must not send people elsewhere."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return ""
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and "\\" not in target else ""
