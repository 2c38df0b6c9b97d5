"""The page "Edit the report" and one page for each kind of edit. views.py registers RULES."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.reports import queries
from app.reports.edit_forms import FORMS
from app.reports.edits import EditRefused
from app.reports.hand import Making, state_mark
from app.reports.hand_views import Answer
from app.reports.models import Report, ReportEdit
from app.reports.presenting import present
from app.reports.reading_order import reading_order
from app.surveys.models import Round
from app.surveys.owned import owned_round
from app.surveys.queries import lock_round
from app.web import NotHere, session

OUTDATED = _l(
    "The report was changed after this page was opened. Look at the choices again; what you wrote is kept."
)


@sign_in_required
def edit_report(round_id: int) -> str:
    """What can be changed about how the report reads, beside what was measured; and the log."""
    round_, found, edits = _editable(round_id)
    view = present(found, edits)
    return render_template(
        "reports/edits/overview.html", round=round_, report=view, order=reading_order(view), forms_of=FORMS
    )


@sign_in_required
def make_edit(round_id: int, what: str) -> Answer:
    round_, found, edits = _editable(round_id)
    if what not in FORMS:
        raise NotHere
    form, mark = FORMS[what](), state_mark(found, edits)
    form.offer(present(found, edits), found.document, request.args.get)
    if form.validate_on_submit():
        making = Making(session(), round_, found, form.reason.data or "", current_account(), utc_now())
        try:
            if form.seen.data != mark:
                raise EditRefused(OUTDATED)
            form.make(making)
        except EditRefused as refused:
            first = form[form.order[0]]
            first.errors = [*first.errors, str(refused)]
        else:
            flash(_("It is written down. What was measured stays beside it."), "success")
            return redirect(url_for("reports.edit_report", round_id=round_id), HTTPStatus.SEE_OTHER)
    form.seen.data = mark
    page = render_template("reports/edits/edit.html", round=round_, form=form, what=what)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _editable(round_id: int) -> tuple[Round, Report, list[ReportEdit]]:
    round_ = owned_round(round_id)
    if request.method == "POST":
        # Two edits at once: the second waits here, and then finds the page that it was made on out of date.
        lock_round(session(), round_id=round_.id)
    found = queries.find_latest_report(session(), round_id=round_.id)
    if found is None or found.document["is_withheld"]:
        raise NotHere
    return round_, found, queries.list_edits(session(), round_id=round_.id)


_EDITS = "/rounds/<int:round_id>/report/edits"

RULES = (
    (_EDITS, edit_report, ["GET"]),
    (f"{_EDITS}/<what>", make_edit, ["GET", "POST"]),
)
