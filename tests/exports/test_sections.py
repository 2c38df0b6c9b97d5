"""The list of sections: every part of a report is in it, with the mode honoured, and each of its renderers takes it."""

from __future__ import annotations

import io

import openpyxl
import pypdf
from pptx import Presentation
from sqlalchemy.orm import Session

from app.exports.content import Figure
from app.exports.deck import build_deck
from app.exports.pack import build_pack
from app.exports.question_sections import WITHHELD
from app.exports.sections import build_sections
from app.exports.slides import as_pptx
from app.exports.workbook import as_xlsx
from app.people.models import Account
from app.reports.agenda import MINUTES, time_plan
from app.reports.models import Report, ReportSection
from app.reports.presenting import ReportView
from app.surveys.models import Confidentiality
from tests.exports.conftest import TEXTS, Build, Built, make, sqlite
from tests.pages import Browser
from tests.reports.test_questions import read, sheet

KINDS = ["elements", "priorities", "fork", "ranking", "stage-choice", "confidence", "open-text"]


def with_every_kind(built: Built, mode: Confidentiality = Confidentiality.NAMED, n: int = 6) -> ReportView:
    """The report of `built` with answers to every kind of question; it stays so in the database."""
    report = built.session.query(Report).filter(Report.round_id == built.round_id).one()
    labels = [statement["label"] for statement in report.document["statements"]]
    report.document = {
        **report.document,
        "people": [{"label": label, "name": None, "role": None} for label in labels]
        if mode == Confidentiality.NAMED
        else [],
        "questions": list(read([sheet(k, step=2 if k < 3 else 6) for k in range(n)], mode).values()),
    }
    built.session.commit()
    return built.view


@sqlite
def test_every_kind_of_question_has_its_section_between_the_themes_and_the_guess(built: Built) -> None:
    keys = [section.key for section in build_sections(with_every_kind(built))]
    first = keys.index(KINDS[0])
    assert keys[first : first + len(KINDS)] == KINDS
    assert keys.index("themes") < first < keys.index("perception") < keys.index("number")


@sqlite
def test_every_kind_is_drawn_on_paper_slides_and_sheets(facilitator_browser: Browser, built: Built) -> None:
    view = with_every_kind(built)
    sections = build_sections(view)
    paper = pypdf.PdfReader(io.BytesIO(facilitator_browser.client.get(built.path("/report.pdf")).data))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "Kendall’s W is" in text
    assert "Speed of 3" in text
    slides = Presentation(
        io.BytesIO(as_pptx(build_deck(view, sections), title="T", written_at=view.closed_at))
    ).slides
    charts = {
        slide.shapes.title.text_frame.text: shape.chart
        for slide in slides
        for shape in slide.shapes
        if getattr(shape, "has_chart", False) and shape.has_chart
    }
    assert list(charts["Grow or Earn"].plots[0].series[0].values) == [0, 3, 0, 0, 0, 3, 0]
    assert [series.name for series in charts["Stage by dimension"].plots[0].series] == [
        "Stage 1",
        "Stage 2",
        "Stage 3",
    ]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(view, sections)))
    assert {"Grow or Earn", "Stage by dimension", "Every priority", "Where each item stands"} <= set(
        book.sheetnames
    )


@sqlite
def test_every_figure_is_a_picture(facilitator_browser: Browser, built: Built) -> None:
    for section in build_sections(with_every_kind(built)):
        for figure in section.figures:
            assert (
                facilitator_browser.client.get(built.path(f"/figures/{figure.key}.png")).data[:4]
                == b"\x89PNG"
            )
            if figure.is_drawing:
                drawn = facilitator_browser.client.get(built.path(f"/figures/{figure.key}.svg"))
                assert drawn.data.startswith(b"<svg"), figure.key


@sqlite
def test_a_reader_sees_every_kind_once_the_part_is_shown(facilitator_browser: Browser, built: Built) -> None:
    with_every_kind(built)
    built.reveal(ReportSection.ELEMENTS)
    from tests.exports.test_readers import invite

    path = invite(facilitator_browser, built)
    reader = Browser(facilitator_browser.app)
    reader.get(path)
    said = reader.follow(reader.post(path, status=303)).main
    assert "Speed of 3" in said
    assert "In your own words" not in said


@sqlite
def test_without_names_nobody_stands_beside_a_value(
    session: Session, facilitator: Account, build: Build
) -> None:
    built = make(session, facilitator, build, mode=Confidentiality.CONFIDENTIAL)
    view = with_every_kind(built, Confidentiality.CONFIDENTIAL)
    for section in build_sections(view):
        for _key, _name, table in section.tables:
            assert "Who" not in [column.label for column in table.columns] or section.key == "camps"


@sqlite
def test_under_five_answers_to_a_question_its_section_says_so_and_nothing_else(
    session: Session, facilitator: Account, build: Build
) -> None:
    built = make(session, facilitator, build, mode=Confidentiality.CONFIDENTIAL)
    view = with_every_kind(built, Confidentiality.CONFIDENTIAL, n=4)
    forks = next(section for section in build_sections(view) if section.key == "fork")
    assert WITHHELD in [getattr(block, "words", "") for block in forks.blocks]
    assert not any(isinstance(block, Figure) for block in forks.blocks)


@sqlite
def test_the_pack_has_a_card_for_every_fork_with_words_on_both_sides(built: Built) -> None:
    pack = build_pack(built.view)
    assert pack.forks
    for fork in pack.forks:
        assert all(side.quotes for side in fork.sides)
        assert {quote.text for side in fork.sides for quote in side.quotes} <= set(TEXTS)
    shown = {quote.text for group in pack.groups for quote in (*group.first, *group.others)}
    assert shown == set(TEXTS)


@sqlite
def test_the_plan_is_two_hours_however_many_forks_there_are(built: Built) -> None:
    forks = build_pack(built.view).forks
    for n in range(4):
        for has in (True, False):
            steps = time_plan((forks * 3)[:n], has_common_ground=has, has_number=has)
            assert sum(step.minutes for step in steps) == MINUTES
            assert steps[-1].starts + steps[-1].minutes == MINUTES
            assert all(step.minutes >= 5 for step in steps)


@sqlite
def test_the_pack_is_printed(facilitator_browser: Browser, built: Built) -> None:
    paper = pypdf.PdfReader(io.BytesIO(facilitator_browser.client.get(built.path("/pack.pdf")).data))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    for words in ("Read in silence", "Show of hands", "Two hours", "The thesis", "Confirmed by", *TEXTS):
        assert words in text
