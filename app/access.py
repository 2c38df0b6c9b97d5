"""Who is asking: the signed-in facilitator, and what of the organisation's rows they may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, flash, g, redirect, request, url_for
from flask import session as cookie
from flask_login import LoginManager, current_user, login_required
from werkzeug.wrappers import Response

from app.db import utc_now
from app.languages import gettext as _
from app.people import queries
from app.people.models import Account
from app.web import session

__all__ = ["current_account", "init_access", "sign_in_required"]

IDLE = timedelta(minutes=60)

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

manager = LoginManager()
# Our own cookie carries the sign-in; Flask-Login's "remember me" is never set.
manager.session_protection = None


def sign_in_required(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Only for people who are signed in; the others are asked to."""
    return cast("Callable[Given, Answer]", login_required(view))


class Visitor:
    """Flask-Login's view of an account."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account
        self.name = account.name
        self.organisation = account.organisation

    def get_id(self) -> str:
        return str(self.account.id)


def init_access(app: Flask) -> None:
    manager.init_app(app)


def current_account() -> Account:
    """The signed-in account; only for views behind `sign_in_required`."""
    account = current_user.account
    assert isinstance(account, Account)
    return account


@manager.request_loader
def _load_visitor(_request: Any) -> Visitor | None:
    token, seen = cookie.get("sign_in"), cookie.get("seen")
    now = utc_now()
    if (
        not isinstance(token, str)
        or not isinstance(seen, (int, float))
        or now.timestamp() - seen > IDLE.total_seconds()
    ):
        return None
    sign_in = queries.find_sign_in(session(), token=token, now=now)
    if sign_in is None:
        return None
    # Polling by an open page must not keep an abandoned browser signed in.
    if not request.headers.get("HX-Request"):
        cookie["seen"] = int(now.timestamp())
    g.sign_in = sign_in
    return Visitor(sign_in.account)


@manager.unauthorized_handler
def _ask_to_sign_in() -> Response:
    flash(_("Please sign in first."), "info")
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=target))
