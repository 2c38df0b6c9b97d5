"""The facilitator's hand on a report: showing it to the team, and edits of how it reads. views.py registers RULES."""

from __future__ import annotations

from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.languages import gettext as _
from app.reports import edits, queries, revealing
from app.reports.forms import LabelForm, RevealForm
from app.reports.models import ReportSection
from app.reports.presenting import ReportView, present
from app.reports.reading_order import TITLES, reading_order
from app.surveys.models import Round
from app.surveys.owned import owned_round
from app.web import NotHere, session

Answer = str | Response | tuple[str, int]


@sign_in_required
def reveal(round_id: int) -> Answer:
    """Which sections the team may see; the form shows more of them, and nothing takes one back."""
    round_ = owned_round(round_id)
    report = _report_of(round_)
    shown = queries.revealed_sections(session(), round_=round_)
    hidden = [part for part in reading_order(report, shown) if not part.is_shown]
    refused = revealing.why_not(session(), round_=round_)
    form = RevealForm()
    form.offer(hidden)
    if refused is None and hidden and form.validate_on_submit():
        try:
            wanted = [ReportSection(value) for value in form.sections.data or ()]
            # With the last section that this report has, those that it has not are shown too: nothing is kept back.
            if len(wanted) == len(hidden):
                wanted = list(ReportSection)
            revealing.reveal_report(
                session(), round_=round_, sections=wanted, by=current_account(), now=utc_now()
            )
        except revealing.RevealRefused as reason:
            refused = str(reason)
        else:
            flash(_("The team may see it now. Tell them where."), "success")
            return redirect(url_for("reports.report", round_id=round_id))
    zone = ZoneInfo(round_.time_zone)
    present_here = {part.section for part in reading_order(report)}
    page = render_template(
        "reports/reveal.html",
        round=round_,
        form=form,
        hidden=hidden,
        refused=refused,
        log=[
            {
                "title": TITLES[ReportSection(row.section)],
                "by": row.revealed_by.name,
                "at": row.revealed_at.astimezone(zone),
            }
            for row in queries.list_reveals(session(), round_id=round_id)
            if row.section in present_here
        ],
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@sign_in_required
def rename_theme(round_id: int, number: int) -> Answer:
    round_ = owned_round(round_id)
    report = _report_of(round_)
    themes = report.themes
    if themes is None or not 1 <= number <= len(themes.themes):
        raise NotHere
    theme = themes.themes[number - 1]
    if theme.central is None:
        # Nobody can name what they may not read.
        raise NotHere
    form = LabelForm(data={"label": theme.label})
    if form.validate_on_submit():
        edits.rename_theme(
            session(),
            round_=round_,
            central=_measured_central(round_, number),
            label=form.label.data or "",
            reason=form.reason.data or "",
            by=current_account(),
            now=utc_now(),
        )
        flash(_("The label is written down; the measured one stays beside it."), "success")
        return redirect(url_for("reports.report", round_id=round_id, _anchor=f"theme-{number}"))
    page = render_template("reports/rename_theme.html", round=round_, theme=theme, form=form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@sign_in_required
def undo_edit(round_id: int, edit_id: int) -> Response:
    owned_round(round_id)
    edit = queries.find_edit(session(), round_id=round_id, edit_id=edit_id)
    if edit is None:
        raise NotHere
    edits.undo_edit(session(), edit=edit, by=current_account(), now=utc_now())
    flash(_("The edit is undone; it stays in the log."), "success")
    if request.form.get("back") == "edits":
        return redirect(url_for("reports.edit_report", round_id=round_id, _anchor="log"))
    return redirect(url_for("reports.report", round_id=round_id, _anchor="method"))


def _measured_central(round_: Round, number: int) -> str:
    """The sentence at the centre of a theme, with the words in it that are not to be shown: an edit is found by it."""
    found = queries.find_latest_report(session(), round_id=round_.id)
    assert found is not None, "the page has shown a theme of it"
    themes = found.document["themes"]
    return str(themes["pieces"][themes["themes"][number - 1]["central"]]["text"])


def _report_of(round_: Round) -> ReportView:
    found = queries.find_latest_report(session(), round_id=round_.id)
    if found is None:
        raise NotHere
    return present(found, queries.list_edits(session(), round_id=round_.id))


_REPORT = "/rounds/<int:round_id>/report"

RULES = (
    (f"{_REPORT}/reveal", reveal, ["GET", "POST"]),
    (f"{_REPORT}/themes/<int:number>", rename_theme, ["GET", "POST"]),
    (f"{_REPORT}/edits/<int:edit_id>/undo", undo_edit, ["POST"]),
)
