"""Taking a report away: one page that says what each file is for, and the files.

The files are in English, whatever language the facilitator reads: they go to people whose language nobody knows here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.exports import house_templates, queries, services
from app.exports.deck import build_deck
from app.exports.figures import LARGEST_GRID
from app.exports.forms import HouseTemplateForm
from app.exports.method import method_line
from app.exports.pack import build_pack
from app.exports.paper import PAPER_SIZES, NoPaper, Sheet, as_pdf, why_no_paper
from app.exports.pictures import as_png, as_svg
from app.exports.sections import all_figures, build_sections
from app.exports.sheets import answers_table, as_csv
from app.exports.slides import as_pptx
from app.exports.words import asked_words
from app.exports.workbook import as_xlsx
from app.languages import SOURCE, speaking
from app.languages import gettext as _
from app.reports import queries as reports
from app.reports.meetings import find_meetings
from app.reports.presenting import ReportView, present
from app.reports.services import as_json
from app.surveys.models import Round
from app.surveys.owned import owned_round
from app.web import NotHere, session

blueprint = Blueprint("exports", __name__)

SCHEMA = Path(__file__).parent / "schemas" / "ninefold.report-1.json"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# More answers of one camp than this stand in the workbook alone, so that a report of a thousand stays printable.
MOST_QUOTES = 12
# Larger than what is kept, so that a file that is too large gets a sentence and not a bare refusal.
MOST_UPLOADED = 4 * house_templates.MOST_BYTES

Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/rounds/<int:round_id>/exports")
@sign_in_required
def menu(round_id: int) -> str:
    round_, report = _report(round_id)
    with speaking(SOURCE):
        figures = [] if report.is_withheld else all_figures(report)
    return render_template(
        "exports/menu.html",
        round=round_,
        report=report,
        figures=figures,
        # Titles of figures that the report page shows too are in the catalogue.
        titles={figure.key: _(figure.title) for figure in figures},
        why_no_paper=why_no_paper(),
        house_template=queries.find_house_template(
            session(), organisation_id=current_account().organisation_id
        ),
        is_revealed=round_.revealed_at is not None,
    )


@blueprint.get("/rounds/<int:round_id>/exports/report.pdf")
@sign_in_required
@speaking(SOURCE)
def report_pdf(round_id: int) -> Answer:
    round_, report = _shown_report(round_id)
    return _paper(
        round_,
        report,
        "report",
        "exports/report_pdf.html",
        sections=build_sections(report),
        largest_grid=LARGEST_GRID,
        most_quotes=MOST_QUOTES,
    )


@blueprint.get("/rounds/<int:round_id>/exports/pack.pdf")
@sign_in_required
@speaking(SOURCE)
def pack_pdf(round_id: int) -> Answer:
    """Everything for a two-hour meeting on paper."""
    round_, report = _shown_report(round_id)
    return _paper(
        round_,
        report,
        "offsite-pack",
        "exports/pack_pdf.html",
        pack=build_pack(report),
        asked=asked_words(report),
    )


@blueprint.get("/rounds/<int:round_id>/exports/report.pptx")
@sign_in_required
@speaking(SOURCE)
def report_pptx(round_id: int) -> AnyResponse:
    round_, report = _shown_report(round_id)
    house = queries.find_house_template(session(), organisation_id=current_account().organisation_id)
    content = as_pptx(
        build_deck(report, build_sections(report)),
        title=f"{report.round['series_title']} · {report.round['label']}",
        written_at=report.closed_at,
        template=house.content if house else None,
    )
    return _file(content, PPTX, _name(round_, "report", "pptx"))


@blueprint.get("/rounds/<int:round_id>/exports/report.xlsx")
@sign_in_required
@speaking(SOURCE)
def report_xlsx(round_id: int) -> AnyResponse:
    round_, report = _shown_report(round_id)
    return _file(as_xlsx(report, build_sections(report)), XLSX, _name(round_, "report", "xlsx"))


@blueprint.get("/rounds/<int:round_id>/exports/answers.csv")
@sign_in_required
@speaking(SOURCE)
def answers_csv(round_id: int) -> AnyResponse:
    round_, report = _shown_report(round_id)
    return _file(as_csv(answers_table(report)), "text/csv", _name(round_, "answers", "csv"))


@blueprint.get("/rounds/<int:round_id>/exports/figures/<key>.<kind>")
@sign_in_required
@speaking(SOURCE)
def figure(round_id: int, key: str, kind: str) -> Answer:
    """One figure: its picture as PNG or SVG, its numbers as CSV."""
    round_, report = _shown_report(round_id)
    found = next((figure for figure in all_figures(report) if figure.key == key), None)
    if found is None:
        raise NotHere
    name = _name(round_, key, kind)
    match kind:
        case "csv":
            return _file(as_csv(found.table), "text/csv", name)
        case "svg":
            drawing = as_svg(found, report)
            if drawing is None:
                raise NotHere
            return _file(drawing, "image/svg+xml", name)
        case "png":
            try:
                return _file(as_png(found, report, written_at=report.closed_at), "image/png", name)
            except NoPaper as problem:
                return _without_paper(round_, problem)
        case _:
            raise NotHere


@blueprint.get("/schemas/ninefold.report-1.json")
def report_schema() -> AnyResponse:
    """What the JSON file of a report means: a JSON Schema, for everybody."""
    return Response(SCHEMA.read_text(encoding="utf-8"), mimetype="application/schema+json")


# --- The organisation's own template --------------------------------------------------------------------------------


@blueprint.url_value_preprocessor
def allow_a_template(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A presentation is larger than any form; the limit must be raised before the form is first looked at."""
    if endpoint == "exports.house_template":
        request.max_content_length = MOST_UPLOADED


@blueprint.route("/house-template", methods=["GET", "POST"])
@sign_in_required
def house_template() -> Answer:
    account = current_account()
    form = HouseTemplateForm()
    problem = None
    if form.validate_on_submit():
        upload = form.file.data
        content = upload.read(house_templates.MOST_BYTES + 1)
        upload.close()
        try:
            services.keep_house_template(
                session(),
                organisation_id=account.organisation_id,
                file_name=_plain(Path(upload.filename or "").stem)[:190] + ".pptx",
                content=content,
                by=account,
                now=utc_now(),
            )
        except house_templates.TemplateRefused as refused:
            form.file.errors = [*form.file.errors, str(refused)]
            problem = str(refused)
        else:
            flash(_("Every presentation is made on your template from now on."), "success")
            return redirect(url_for("exports.house_template"), HTTPStatus.SEE_OTHER)
    page = render_template(
        "exports/house_template.html",
        form=form,
        house_template=queries.find_house_template(session(), organisation_id=account.organisation_id),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or problem else HTTPStatus.OK


@blueprint.post("/house-template/remove")
@sign_in_required
def remove_house_template() -> AnyResponse:
    services.remove_house_template(session(), organisation_id=current_account().organisation_id)
    flash(_("Removed. Presentations are made on Ninefold’s own template again."), "success")
    return redirect(url_for("exports.house_template"), HTTPStatus.SEE_OTHER)


# --- Steps that the views share -------------------------------------------------------------------------------------


def _report(round_id: int) -> tuple[Round, ReportView]:
    round_ = owned_round(round_id)
    return round_, view_of(round_)


def _shown_report(round_id: int) -> tuple[Round, ReportView]:
    """A report with something in it to take away."""
    round_, report = _report(round_id)
    if report.is_withheld:
        raise NotHere
    return round_, report


def view_of(round_: Round) -> ReportView:
    """The report that stands, as everything of this feature sees it; NotHere where there is none."""
    found = reports.find_latest_report(session(), round_id=round_.id)
    if found is None:
        raise NotHere
    return present(
        found,
        reports.list_edits(session(), round_id=round_.id),
        find_meetings(session(), round_id=round_.id),
    )


def _paper(round_: Round, report: ReportView, kind: str, template: str, **context: Any) -> Answer:
    size = request.args.get("paper", PAPER_SIZES[0])
    if size not in PAPER_SIZES:
        raise NotHere
    identifier = hashlib.sha256(
        f"{kind} {size} {as_json(report.document)} {[entry.sentence for entry in report.log]} {report.meetings}".encode()
    ).hexdigest()[:32]
    sheet = Sheet(identifier, size, report.closed_at)
    try:
        content = as_pdf(template, sheet, report=report, method_line=method_line(report), **context)
    except NoPaper as problem:
        return _without_paper(round_, problem)
    return _file(content, "application/pdf", _name(round_, kind, "pdf"))


def _without_paper(round_: Round, problem: NoPaper) -> Answer:
    flash(str(problem), "warning")
    return redirect(url_for("exports.menu", round_id=round_.id), HTTPStatus.SEE_OTHER)


def _file(content: bytes, mimetype: str, name: str) -> AnyResponse:
    return Response(
        content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _name(round_: Round, kind: str, ending: str) -> str:
    return f"{_plain(round_.series.title)}-{_plain(round_.label)}-{_plain(kind)}.{ending}"


def _plain(text: str) -> str:
    """ASCII for a file name, so that every browser keeps it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "report"
