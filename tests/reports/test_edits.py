"""The page "Edit the report": every edit from its form to the report, refused where it makes no sense, and undone."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.people.models import Account
from app.reports import queries
from app.reports.presenting import ReportView, present
from app.surveys.models import Confidentiality, Round
from tests.pages import Browser, Page
from tests.reports.conftest import Build
from tests.reports.test_report import built, path

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

# Camps by the first word: 0 and 1, 2 and 3, 4 and 5.
TEXTS = [
    "North we go: hospitals, and nobody else.",
    "North where the hospitals are; we decline other work.",
    "South we win: the cheapest supplier for anybody.",
    "South of every price, in every market.",
    "Speed is what customers pay us for.",
    "Speed before everything else, price included.",
]
WHY = "Ben says so himself."


@pytest.fixture
def round_id(session: Session, facilitator: Account, build: Build) -> int:
    return built(session, facilitator, build, TEXTS, Confidentiality.CONFIDENTIAL)


def view(session: Session, round_id: int) -> ReportView:
    session.expire_all()
    found = queries.find_latest_report(session, round_id=round_id)
    assert found is not None
    made = present(found, queries.list_edits(session, round_id=round_id))
    session.commit()
    return made


def send(browser: Browser, round_id: int, what: str, status: int = 303, **fields: object) -> Page:
    address = path(round_id, f"/edits/{what}")
    seen = browser.get(address).one("input", name="seen").get("value", "")
    return browser.post(address, {"seen": seen, "reason": WHY, **fields}, status=status)


def number_of(report: ReportView, text: str) -> int:
    return next(voice.number for voice in report.voices if voice.text == text)


def together(report: ReportView) -> set[frozenset[str]]:
    return {frozenset(v.text for v in (camp.representative, *camp.others)) for camp in report.camps}


def test_an_answer_moves_on_the_page_and_the_numbers_stay(
    facilitator_browser: Browser, session: Session, round_id: int
) -> None:
    before = view(session, round_id)
    heading = facilitator_browser.get(path(round_id)).heading
    send(
        facilitator_browser,
        round_id,
        "move",
        answer=number_of(before, TEXTS[1]),
        to=number_of(before, TEXTS[2]),
    )
    after = view(session, round_id)
    assert frozenset(TEXTS[1:4]) in together(after)
    assert after.analysis == before.analysis
    page = facilitator_browser.get(path(round_id))
    assert page.heading == heading
    label = before.voices[number_of(before, TEXTS[1])].label
    assert f"As edited: {label} came from strategy" in page.main
    assert "As measured" in page.main
    assert WHY in page.main


def test_camps_are_merged_split_and_named(
    facilitator_browser: Browser, session: Session, round_id: int
) -> None:
    report = view(session, round_id)
    camps = [camp.representative.number for camp in report.camps]
    send(facilitator_browser, round_id, "merge", stays=camps[0], goes=camps[1])
    assert len(view(session, round_id).camps) == 2
    send(facilitator_browser, round_id, "split", leaving=[camps[0]])
    assert sorted(camp.n for camp in view(session, round_id).camps) == [1, 2, 3]
    send(facilitator_browser, round_id, "rename", camp=camps[2], name="Fast <b>first</b>")
    page = facilitator_browser.get(path(round_id))
    assert "Fast <b>first</b>" in page.main
    assert "Named by the facilitator" in page.main


def test_a_name_alone_is_not_called_another_reading(
    facilitator_browser: Browser, session: Session, round_id: int
) -> None:
    first = view(session, round_id).camps[0].representative.number
    send(facilitator_browser, round_id, "rename", camp=first, name="Our way")
    assert not view(session, round_id).has_edited_camps
    assert "As edited" not in facilitator_browser.get(path(round_id)).main


def test_hidden_words_do_not_speak_for_a_side_of_a_fork_where_others_can(
    facilitator_browser: Browser, session: Session, round_id: int
) -> None:
    side = view(session, round_id).forks[0].sides[0]
    send(facilitator_browser, round_id, "hide", quote=side.voices[0].number)
    shown = view(session, round_id).forks[0].sides[0].voices
    assert [voice.text for voice in shown] == [side.voices[1].text]


def test_an_edit_that_another_one_was_made_on_is_undone_and_nothing_breaks(
    facilitator_browser: Browser, session: Session, round_id: int
) -> None:
    camps = [camp.representative.number for camp in view(session, round_id).camps]
    send(facilitator_browser, round_id, "merge", stays=camps[0], goes=camps[1])
    send(facilitator_browser, round_id, "split", leaving=[camps[0], camps[1]])
    first = view(session, round_id).log[0].id
    facilitator_browser.get(path(round_id, "/edits"))
    undone = facilitator_browser.post(path(round_id, f"/edits/{first}/undo"), {"back": "edits"}, status=302)
    page = facilitator_browser.follow(undone)
    assert "Undone by Mara Lind" in page.main
    assert "Not applied. The answers that were to leave do not stand in one camp any more." in page.main
    assert together(view(session, round_id)) == {frozenset(TEXTS[k : k + 2]) for k in (0, 2, 4)}


def test_hidden_words_are_on_no_page_and_still_count(
    facilitator_browser: Browser, session: Session, round_id: int
) -> None:
    report = view(session, round_id)
    number = number_of(report, TEXTS[0])
    send(facilitator_browser, round_id, "hide", quote=number, words="hospitals")
    send(facilitator_browser, round_id, "hide", quote=number_of(report, TEXTS[4]))
    for end in ("", ".json"):
        text = facilitator_browser.get(path(round_id, end)).text
        assert "and nobody else" in text
        assert "hospitals, and" not in text
        assert TEXTS[4] not in text
        assert "[not shown]" in text
    assert sum(camp.n for camp in view(session, round_id).camps) == 6


def test_a_theme_with_hidden_words_can_have_another_label(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    # Without names so few answers would have no sentences under their themes.
    round_id = built(session, facilitator, build, TEXTS, Confidentiality.NAMED)
    themes = view(session, round_id).themes
    assert themes is not None
    central = themes.themes[0].central
    assert central is not None
    send(facilitator_browser, round_id, "hide", quote=central.voice.number, words=central.text.split()[0])
    address = path(round_id, "/themes/1")
    facilitator_browser.get(address)
    facilitator_browser.post(address, {"label": "Our direction", "reason": WHY}, status=302)
    renamed = view(session, round_id)
    assert renamed.themes is not None
    theme = renamed.themes.themes[0]
    assert theme.label == "Our direction"
    assert theme.central is not None
    assert central.text.split()[0] not in theme.central.text
    assert not [entry for entry in renamed.log if entry.skipped]


def test_a_comment_stands_in_its_section(facilitator_browser: Browser, round_id: int) -> None:
    send(facilitator_browser, round_id, "comment", section="camps", text="Two of you sat together.")
    aside = facilitator_browser.get(path(round_id)).one("aside", class_="comment")
    assert "Two of you sat together." in "".join(aside.itertext())


@pytest.mark.parametrize(
    ("what", "fields", "message"),
    [
        ("move", {"answer": "0", "to": "own", "reason": " "}, "Write why"),
        ("move", {"answer": "77", "to": "own"}, "Not a valid choice"),
        ("move", {"answer": "", "to": ""}, "Choose an answer."),
        ("merge", {"stays": "first", "goes": "first"}, "The two are one camp already."),
        ("split", {"leaving": ["0", "1", "2", "3", "4", "5"]}, "Tick answers of one strategy."),
        ("split", {}, "Tick at least one answer."),
        ("rename", {"camp": "first", "name": "x" * 121}, "Keep the name under 120 characters."),
        ("hide", {"quote": "0", "words": "words that nobody wrote"}, "do not stand in the answer like that"),
        ("comment", {"section": "number", "text": ""}, "Write the comment."),
    ],
)
def test_bad_input_gets_a_message_and_keeps_the_reason(
    facilitator_browser: Browser,
    session: Session,
    round_id: int,
    what: str,
    fields: dict[str, object],
    message: str,
) -> None:
    first = view(session, round_id).camps[0].representative.number
    given = {key: first if value == "first" else value for key, value in fields.items()}
    page = send(facilitator_browser, round_id, what, 422, **given)
    assert message in page.main
    assert WHY in page.text or given.get("reason") == " "
    assert not view(session, round_id).log


def test_a_page_that_is_out_of_date_changes_nothing_and_keeps_the_text(
    facilitator_browser: Browser, session: Session, round_id: int
) -> None:
    send(facilitator_browser, round_id, "comment", section="camps", text="One.")
    page = facilitator_browser.post(
        path(round_id, "/edits/move"),
        {"seen": "old", "answer": "0", "to": "own", "reason": WHY},
        status=422,
    )
    assert "The report was changed after this page was opened" in page.main
    assert WHY in page.text
    assert len(view(session, round_id).log) == 1


def test_edits_outlive_a_report_that_is_built_anew(
    facilitator_browser: Browser, session: Session, round_id: int, build: Build
) -> None:
    report = view(session, round_id)
    send(facilitator_browser, round_id, "move", answer=number_of(report, TEXTS[1]), to="own")
    numbers = sorted(number_of(report, text) for text in (TEXTS[4], TEXTS[5]))
    address = f"/rounds/{round_id}/corrections"
    facilitator_browser.get(address)
    facilitator_browser.post(
        address,
        {"first": numbers[0], "second": numbers[1], "verdict": "opposite", "reason": "They argued."},
        status=302,
    )
    build()
    newer = view(session, round_id)
    assert newer.document["evidence"]["corrections"]
    assert frozenset([TEXTS[1]]) in together(newer)
    assert newer.log[0].skipped is None


def test_nobody_edits_a_report_that_is_withheld(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    withheld = built(session, facilitator, build, TEXTS[:4], Confidentiality.CONFIDENTIAL)
    assert session.get_one(Round, withheld)
    session.commit()
    facilitator_browser.get(path(withheld, "/edits"), status=404)
