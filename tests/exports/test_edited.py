"""A report that the facilitator edited: hidden words are in no file, moved answers stand where they were moved."""

from __future__ import annotations

import io
import zipfile

import pypdf
from sqlalchemy import select

from app.db import utc_now
from app.exports.sections import build_sections
from app.reports import hand
from app.reports.models import Report, ReportSection
from app.reports.presenting import present
from app.reports.queries import list_edits
from tests.exports.conftest import TEXTS, Built, sqlite
from tests.exports.test_readers import invite
from tests.pages import Browser

SECRET = "we decline all other work"


def making(built: Built) -> hand.Making:
    report = built.session.scalars(select(Report).where(Report.round_id == built.round_id)).one()
    return hand.Making(
        session=built.session,
        round=built.round,
        report=report,
        reason="They asked me to.",
        by=built.account,
        now=utc_now(),
    )


def unpacked(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return b"".join(
            unpacked(opened.read(name)) if name.endswith(".xlsx") else opened.read(name)
            for name in opened.namelist()
        )


@sqlite
def test_words_that_are_not_to_be_shown_are_in_no_file_and_on_no_page(
    facilitator_browser: Browser, browser: Browser, built: Built
) -> None:
    answer = next(voice.number for voice in built.view.voices if SECRET in voice.text)
    hand.hide_answer(making(built), answer=answer, words=SECRET)
    built.session.commit()
    built.reveal()
    client = facilitator_browser.client
    for end in ("/report.pdf", "/pack.pdf"):
        reader = pypdf.PdfReader(io.BytesIO(client.get(built.path(end)).data))
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        assert SECRET not in text
        assert TEXTS[0] in text
    for end in ("/report.pptx", "/report.xlsx"):
        assert SECRET.encode() not in unpacked(client.get(built.path(end)).data)
    for end in ("/answers.csv", "/figures/themes.csv"):
        assert SECRET not in client.get(built.path(end)).get_data(as_text=True)
    path = invite(facilitator_browser, built)
    browser.get(path)
    assert SECRET not in browser.follow(browser.post(path, status=303)).text


@sqlite
def test_a_comment_stands_at_its_section_and_in_the_method_card(built: Built) -> None:
    hand.comment(making(built), section=ReportSection.CAMPS, text="Read these twice.")
    built.session.commit()
    report = built.session.scalars(select(Report).where(Report.round_id == built.round_id)).one()
    view = present(report, list_edits(built.session, round_id=built.round_id))
    sections = {section.key: section for section in build_sections(view)}
    assert sections["camps"].blocks[-1].words == "Mara Lind remarks: “Read these twice.”"  # type: ignore[union-attr]
    rows = [row for _key, _name, table in sections["method"].tables for row in table.rows]
    assert any("They asked me to." in str(row[1]) for row in rows)
    hidden = build_sections(view, {ReportSection.NUMBER})
    assert "They asked me to." not in repr(hidden)
    built.session.commit()
