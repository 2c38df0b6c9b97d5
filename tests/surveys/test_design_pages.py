"""The pages on which a facilitator designs a round."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.design import services
from app.surveys.design.library import FORKS, LIBRARY
from app.surveys.models import QuestionKind, Round, SurveyTemplate
from tests import factories
from tests.pages import Browser, Page
from tests.surveys.conftest import Look

FORK = {"prompt": "Grow or earn?", "hint": "", "left": "Grow", "right": "Earn", "is_required": "y"}


def add_fork(browser: Browser, round_: Round, **changed: str) -> Page:
    browser.get(f"/rounds/{round_.id}/questions/new/fork")
    return browser.post(f"/rounds/{round_.id}/questions/new/fork", FORK | changed, status=302)


def fields_of(page: Page) -> dict[str, str]:
    """What a browser would send if nobody changed anything on this form."""
    found: dict[str, str] = {}
    for field in page.all("input"):
        kind = field.get("type", "text")
        name = field.get("name") or ""
        if kind in {"submit", "file"} or (kind in {"checkbox", "radio"} and field.get("checked") is None):
            continue
        found[name] = field.get("value", "")
    for field in page.all("textarea"):
        found[field.get("name") or ""] = "".join(field.itertext()).removeprefix("\n")
    for field in page.all("select"):
        options = [child for child in field.iter() if child.tag.endswith("option")]
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        if field.get("name"):
            found[field.get("name") or ""] = chosen[0].get("value", "")
    return {name: value for name, value in found.items() if name and name != "csrf_token"}


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_each_kind_can_be_written_and_its_form_sent_again_changes_nothing(
    facilitator_browser: Browser, draft: Round, look: Look, kind: QuestionKind
) -> None:
    address = f"/rounds/{draft.id}/questions/new/{kind}"
    typed = fields_of(facilitator_browser.get(address)) | {"prompt": "What now?"}
    typed |= {"fork": {"left": "Grow", "right": "Earn"}, "ranking": {"items": "Grow\r\nEarn\r\n"}}.get(
        kind, {}
    )

    facilitator_browser.post(address, typed, status=302)

    question = look(draft.id).questions[-1]
    assert (question.kind, question.prompt, question.position, question.is_required) == (
        kind,
        "What now?",
        3,
        True,
    )
    own = f"/rounds/{draft.id}/questions/{question.id}"
    facilitator_browser.post(own, fields_of(facilitator_browser.get(own)), status=302)
    again = look(draft.id).questions[-1]
    assert (again.key, again.settings, again.prompt) == (question.key, question.settings, question.prompt)


def test_questions_of_a_draft_can_be_reworded_and_keep_their_keys(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    address = f"/rounds/{draft.id}/questions/{draft.questions[0].id}"
    typed = fields_of(facilitator_browser.get(address))

    facilitator_browser.post(
        address, typed | {"prompt": "Why do customers choose us?", "hint": ""}, status=302
    )

    first = look(draft.id).questions[0]
    assert (first.prompt, first.hint, first.key) == ("Why do customers choose us?", "", "strategy")


@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("open_text", {"prompt": " "}, "Write the question."),
        ("open_text", {"prompt": "x" * 1001}, "Keep this under 1,000 characters."),
        ("open_text", {"least_characters": "many"}, "Write a whole number, such as 200."),
        (
            "open_text",
            {"least_characters": "9", "most_characters": "8"},
            "may not be shorter than the shortest",
        ),
        ("fork", {"right": ""}, "Write what stands at the right end."),
        ("fork", {"right": "GROW"}, "The two poles are the same."),
        ("ranking", {"items": "Only one"}, "Write at least two things"),
        ("ranking", {"items": "Grow\r\ngrow"}, "“Grow” is there twice."),
        ("ranking", {"items": "\r\n".join(map(str, range(13)))}, "These are 13 things; up to 12"),
        ("priorities", {"least": "6"}, "The most may not be fewer than the least."),
        ("priorities", {"least": ""}, "Write a number from 1 to 10."),
        ("elements", {"label_0": ""}, "Name part 1, or empty its hint."),
        ("elements", {"label_1": "who it is FOR"}, "“who it is FOR” is there twice."),
        ("stage_choice", {"name_0_2": ""}, "Name stage 2."),
        ("stage_choice", {"label_0": ""}, "Name what is judged here, or empty its stages."),
    ],
)
def test_bad_question_is_refused_in_words_and_keeps_what_was_typed(
    facilitator_browser: Browser, draft: Round, look: Look, kind: str, changed: dict[str, str], sentence: str
) -> None:
    address = f"/rounds/{draft.id}/questions/new/{kind}"
    typed = fields_of(facilitator_browser.get(address)) | {"prompt": "Grow or earn?", "hint": "Keep me."}
    typed |= {"fork": {"left": "Grow", "right": "Earn"}, "ranking": {"items": "Grow\r\nEarn"}}.get(kind, {})

    page = facilitator_browser.post(address, typed | changed, status=422)

    assert sentence in page.main
    assert "Keep me." in page.text
    assert len(look(draft.id).questions) == 2


def test_a_question_can_be_asked_only_of_those_who_chose_a_side(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    add_fork(facilitator_browser, draft)
    condition = {"ask_about": "own_fork", "ask_value": "3", "ask_is": "at_most"}

    add_fork(facilitator_browser, draft, prompt="Why grow?", **condition)

    asked = look(draft.id).questions[-1]
    assert asked.condition == {"question": "own_fork", "is": "at_most", "value": 3}
    page = facilitator_browser.get(f"/rounds/{draft.id}/questions")
    assert "Asked only of those who choose step 3 or lower in question 3." in page.main
    fork = look(draft.id).questions[2]
    page = facilitator_browser.post(f"/rounds/{draft.id}/questions/{fork.id}/remove", status=302)
    assert "is asked only after a certain answer" in facilitator_browser.follow(page).main
    page = facilitator_browser.post(
        f"/rounds/{draft.id}/questions/{fork.id}/move", {"by": "down"}, status=302
    )
    assert "Change its condition first." in facilitator_browser.follow(page).main
    assert [question.key for question in look(draft.id).questions[2:]] == ["own_fork", "own_fork_2"]


def test_a_condition_that_no_answer_meets_is_refused(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    facilitator_browser.get(f"/rounds/{draft.id}/library")
    facilitator_browser.post(f"/rounds/{draft.id}/library", {"ready": "confidence"}, status=302)
    facilitator_browser.get(f"/rounds/{draft.id}/questions/new/fork")

    page = facilitator_browser.post(
        f"/rounds/{draft.id}/questions/new/fork",
        FORK | {"ask_about": "confidence", "ask_value": "7", "ask_is": "equals"},
        status=422,
    )

    assert "confidence is 1 to 5" in page.main


def test_questions_move_by_buttons_and_by_a_whole_order(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    add_fork(facilitator_browser, draft)
    first, second, third = (question.id for question in draft.questions[:2] + look(draft.id).questions[2:])

    page = facilitator_browser.post(f"/rounds/{draft.id}/questions/{third}/move", {"by": "up"}, status=302)

    assert [question.id for question in look(draft.id).questions] == [first, third, second]
    page = facilitator_browser.follow(page)
    assert "“Grow or earn?” is now question 2." in page.main
    (button,) = [button for button in page.all("button") if button.get("autofocus") is not None]
    assert button.get("value") == "up"
    facilitator_browser.post(
        f"/rounds/{draft.id}/questions/order", {"ids": f"{second},{first},{third}"}, status=302
    )
    assert [(q.id, q.position) for q in look(draft.id).questions] == [(second, 1), (first, 2), (third, 3)]


@pytest.mark.parametrize("ids", ["", "1", "1,1", "2,1,3", "x,y", "-1,2"])
def test_an_order_of_an_old_page_changes_nothing(
    facilitator_browser: Browser, draft: Round, look: Look, ids: str
) -> None:
    facilitator_browser.get(f"/rounds/{draft.id}/questions")

    page = facilitator_browser.post(f"/rounds/{draft.id}/questions/order", {"ids": ids}, status=302)

    assert "The questions have changed in the meantime." in facilitator_browser.follow(page).main
    assert [question.key for question in look(draft.id).questions] == ["strategy", "perception"]


def test_questions_that_two_people_add_at_once_are_both_there(
    app: Flask, facilitator: Account, draft: Round, look: Look
) -> None:
    browsers = [Browser(app).sign_in(facilitator) for _ in range(4)]
    for browser in browsers:
        browser.get(f"/rounds/{draft.id}/questions/new/fork")

    with ThreadPoolExecutor(4) as pool:
        pages = list(
            pool.map(lambda browser: browser.post(f"/rounds/{draft.id}/questions/new/fork", FORK), browsers)
        )

    assert [page.status for page in pages] == [302] * 4
    questions = look(draft.id).questions
    assert [question.position for question in questions] == [1, 2, 3, 4, 5, 6]
    assert len({question.key for question in questions}) == 6


def test_a_move_begins_from_the_order_that_somebody_else_made_meanwhile(
    database: Database, draft: Round, facilitator: Account
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    with database.writing() as session:
        round_ = session.get_one(Round, draft.id)
        services.add_ready_question(session, round_=round_, ready=FORKS[0])
        first, second, third = (question.id for question in round_.questions)
    with database.writing() as mine:
        round_ = mine.get_one(Round, draft.id)
        asked = round_.questions[1]
        with database.writing() as other:
            services.order_questions(other, round_=other.get_one(Round, draft.id), ids=[third, first, second])
        services.move_question(mine, round_=round_, question=asked, by=-1)
    with database.reading() as session:
        assert [q.id for q in session.get_one(Round, draft.id).questions] == [third, second, first]


def test_a_question_is_removed_after_asking_once_more_but_never_the_last_one(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    first, second = draft.questions
    page = facilitator_browser.get(f"/rounds/{draft.id}/questions/{first.id}/remove")
    assert first.prompt in page.main

    facilitator_browser.post(f"/rounds/{draft.id}/questions/{first.id}/remove", status=302)

    assert [(question.key, question.position) for question in look(draft.id).questions] == [("perception", 1)]
    page = facilitator_browser.post(f"/rounds/{draft.id}/questions/{second.id}/remove", status=302)
    assert "This is the only question of the round." in facilitator_browser.follow(page).main


def test_trend_questions_are_locked_from_the_second_round_on_and_say_why(
    facilitator_browser: Browser, session: Session, closed: Round, look: Look
) -> None:
    closed.questions[0].is_trend = True
    session.commit()
    facilitator_browser.get(f"/rounds/{closed.id}")
    page = facilitator_browser.post(f"/rounds/{closed.id}/next", status=302)
    following = look(int((page.location or "").rpartition("/")[2]))
    locked, free = following.questions
    assert locked.is_trend

    page = facilitator_browser.get(f"/rounds/{following.id}/questions/{locked.id}")

    assert (
        "It was asked in Q1 2027. Two rounds compare only when everybody was asked the same thing"
        in page.main
    )
    facilitator_browser.get(f"/rounds/{following.id}/questions/{free.id}")
    for what in ("", "/remove"):
        page = facilitator_browser.post(
            f"/rounds/{following.id}/questions/{locked.id}{what}", {"prompt": "Another?"}, status=302
        )
        assert "is a trend question and was asked in Q1 2027." in facilitator_browser.follow(page).main
    assert [question.prompt for question in look(following.id).questions] == [locked.prompt, free.prompt]


def test_the_library_copies_a_question_into_the_round(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/library")
    for ready in LIBRARY.values():
        assert " ".join(ready.prompt.split()) in page.main

    facilitator_browser.post(f"/rounds/{draft.id}/library", {"ready": FORKS[0].key}, status=302)
    facilitator_browser.post(f"/rounds/{draft.id}/library", {"ready": FORKS[0].key}, status=302)

    third, fourth = look(draft.id).questions[2:]
    assert (third.key, third.settings) == (FORKS[0].key, FORKS[0].settings)
    assert fourth.key == f"{FORKS[0].key}_2"
    facilitator_browser.post(f"/rounds/{draft.id}/library", {"ready": "nothing"}, status=404)


def test_what_was_exported_can_be_imported_in_place_of_other_questions(
    facilitator_browser: Browser, session: Session, draft: Round, look: Look
) -> None:
    add_fork(facilitator_browser, draft)
    add_fork(
        facilitator_browser, draft, prompt="Why?", ask_about="own_fork", ask_value="5", ask_is="at_least"
    )
    exported = facilitator_browser.get(f"/rounds/{draft.id}/questions.json")
    assert "attachment" in exported.response.headers["Content-Disposition"]
    other = factories.draft_round(session, organisation_id=draft.series.organisation_id)
    session.commit()
    facilitator_browser.get(f"/rounds/{other.id}/import")

    facilitator_browser.post(
        f"/rounds/{other.id}/import",
        {"file": (BytesIO(exported.text.encode()), "survey.json"), "text": "", "place": "instead"},
        status=302,
    )

    assert facilitator_browser.get(f"/rounds/{other.id}/questions.json").text == exported.text
    facilitator_browser.get(f"/rounds/{other.id}/import")
    facilitator_browser.post(
        f"/rounds/{other.id}/import", {"text": exported.text, "place": "behind"}, status=302
    )
    added = look(other.id).questions[4:]
    assert [question.key for question in added] == [
        "strategy_2",
        "perception_2",
        "own_fork_3",
        "own_fork_2_2",
    ]
    assert added[-1].condition == {"question": "own_fork_3", "is": "at_least", "value": 5}


def test_a_bad_file_changes_nothing_and_comes_back_as_text_with_its_problems(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    text = '{"schema": "ninefold.survey/1", "title": "T", "questions": [{"key": "A", "kind": "essay", "prompt": ""}]}'
    facilitator_browser.get(f"/rounds/{draft.id}/import")

    page = facilitator_browser.post(
        f"/rounds/{draft.id}/import",
        {"file": (BytesIO(text.encode()), "mine.json"), "text": "", "place": "instead"},
        status=422,
    )

    assert "questions[1].key" in page.main
    assert "questions[1].kind: One of open_text," in page.main
    assert "questions[1].prompt: This may not be empty." in page.main
    assert "".join(page.one("textarea").itertext()).strip() == text
    assert len(look(draft.id).questions) == 2


def test_a_template_of_ones_own_begins_a_round_and_can_be_deleted(
    facilitator_browser: Browser, outsider_browser: Browser, draft: Round, session: Session, look: Look
) -> None:
    add_fork(facilitator_browser, draft)
    facilitator_browser.get(f"/rounds/{draft.id}/template")
    facilitator_browser.post(f"/rounds/{draft.id}/template", {"name": "Offsite 2027"}, status=302)
    page = facilitator_browser.post(f"/rounds/{draft.id}/template", {"name": "Offsite 2027"}, status=422)
    assert "There is a template of this name already." in page.main
    assert "Offsite 2027" in facilitator_browser.get("/templates").main
    assert "Offsite 2027" not in outsider_browser.get("/templates").main
    template = session.scalars(select(SurveyTemplate)).one()
    session.commit()

    typed = fields_of(facilitator_browser.get(f"/rounds/new?template=own-{template.id}"))
    assert typed["starting_point"] == f"own-{template.id}"
    page = facilitator_browser.post("/rounds/new", typed | {"confidentiality": "named"}, status=302)

    made = look(int((page.location or "").split("/")[2]))
    assert [question.key for question in made.questions] == ["strategy", "perception", "own_fork"]
    facilitator_browser.get(f"/templates/{template.id}/delete")
    facilitator_browser.post(f"/templates/{template.id}/delete", status=302)
    assert "None yet" in facilitator_browser.get("/templates").main


@pytest.mark.parametrize(
    ("point", "kinds"),
    [
        ("strategy", ["open_text", "perception_guess"]),
        ("growth_thesis", ["open_text", "elements", "perception_guess"]),
        ("priorities", ["open_text", "priorities", "priorities", "confidence"]),
        ("maturity", ["stage_choice", "open_text"]),
        ("pulse", ["open_text", "open_text", "confidence", "perception_guess"]),
    ],
)
def test_a_round_begins_with_the_template_that_was_chosen(
    facilitator_browser: Browser, look: Look, point: str, kinds: list[str]
) -> None:
    typed = fields_of(facilitator_browser.get("/rounds/new"))
    assert typed["starting_point"] == "strategy"

    page = facilitator_browser.post(
        "/rounds/new", typed | {"confidentiality": "named", "starting_point": point}, status=302
    )

    made = look(int((page.location or "").split("/")[2]))
    assert [question.kind for question in made.questions] == kinds
    assert {question.is_trend for question in made.questions} == {point == "pulse"}


def test_a_template_that_is_gone_is_refused(facilitator_browser: Browser) -> None:
    typed = fields_of(facilitator_browser.get("/rounds/new"))

    page = facilitator_browser.post(
        "/rounds/new", typed | {"confidentiality": "named", "starting_point": "own-7"}, status=422
    )

    assert "Choose what to ask. The template may have been deleted" in page.main


def test_reading_the_preview_is_noted_and_a_change_takes_it_back(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/preview")
    digest = page.one("input", name="digest").get("value", "")

    facilitator_browser.post(f"/rounds/{draft.id}/previewed", {"digest": digest}, status=302)

    assert all(question.is_previewed for question in look(draft.id).questions)
    assert (
        "2 questions, previewed as people will read them."
        in facilitator_browser.get(f"/rounds/{draft.id}").main
    )
    address = f"/rounds/{draft.id}/questions/{draft.questions[0].id}"
    typed = fields_of(facilitator_browser.get(address))
    facilitator_browser.post(address, typed, status=302)
    assert all(question.is_previewed for question in look(draft.id).questions)
    facilitator_browser.post(address, typed | {"prompt": "And now?"}, status=302)
    assert [question.is_previewed for question in look(draft.id).questions] == [False, True]
    page = facilitator_browser.post(f"/rounds/{draft.id}/previewed", {"digest": digest}, status=302)
    assert "The questions have changed since this page was opened." in facilitator_browser.follow(page).main


def test_questions_of_an_open_round_can_be_read_and_stand(
    facilitator_browser: Browser, open_round: Round, look: Look
) -> None:
    page = facilitator_browser.get(f"/rounds/{open_round.id}/questions")
    assert "its questions stand as they are" in page.main
    assert not [button for button in page.all("button") if button.get("name") == "by"]
    facilitator_browser.get("/account")

    for path in (
        "questions/new/fork",
        f"questions/{open_round.questions[0].id}",
        "library",
        "import",
        "previewed",
    ):
        page = facilitator_browser.post(f"/rounds/{open_round.id}/{path}", FORK, status=302)
        assert page.location == f"/rounds/{open_round.id}"

    assert [question.prompt for question in look(open_round.id).questions] == [
        question.prompt for question in open_round.questions
    ]


def test_later_round_warns_before_rewording(
    facilitator_browser: Browser, session: Session, closed: Round
) -> None:
    following = factories.draft_round(
        session, organisation_id=closed.series.organisation_id, series=closed.series
    )
    session.commit()

    page = facilitator_browser.get(f"/rounds/{following.id}/questions")

    assert "Quarters compare when the words stay the same." in page.main


def test_the_title_can_be_changed_until_people_have_read_it(
    facilitator_browser: Browser, session: Session, closed: Round, look: Look
) -> None:
    first = factories.draft_round(session, organisation_id=closed.series.organisation_id)
    second = factories.draft_round(
        session, organisation_id=closed.series.organisation_id, series=closed.series
    )
    session.commit()
    facilitator_browser.get(f"/rounds/{first.id}/title")

    page = facilitator_browser.post(f"/rounds/{first.id}/title", {"title": " "}, status=422)
    assert "Write a title" in page.main
    facilitator_browser.post(f"/rounds/{first.id}/title", {"title": "Where do we go?"}, status=302)
    page = facilitator_browser.post(f"/rounds/{second.id}/title", {"title": "Another?"}, status=302)

    assert "people have read it. It stays." in facilitator_browser.follow(page).main
    assert look(first.id).series.title == "Where do we go?"
    assert look(second.id).series.title == "What is our strategy?"


def test_a_file_cannot_take_a_locked_trend_question_away(
    facilitator_browser: Browser, session: Session, closed: Round, look: Look
) -> None:
    closed.questions[0].is_trend = True
    session.commit()
    facilitator_browser.get(f"/rounds/{closed.id}")
    page = facilitator_browser.post(f"/rounds/{closed.id}/next", status=302)
    following = int((page.location or "").rpartition("/")[2])
    text = facilitator_browser.get(f"/rounds/{following}/questions.json").text
    facilitator_browser.get(f"/rounds/{following}/import")

    page = facilitator_browser.post(
        f"/rounds/{following}/import", {"text": text, "place": "instead"}, status=422
    )

    assert "is a trend question and was asked in Q1 2027." in page.main
    assert [question.key for question in look(following).questions] == ["strategy", "perception"]


def test_design_pages_require_sign_in(browser: Browser, draft: Round) -> None:
    for path in ("questions", "library", "import", "template", "questions.json", "questions/new/fork"):
        assert "/sign-in" in (browser.get(f"/rounds/{draft.id}/{path}", status=302).location or "")


def test_design_pages_refuse_outsider(
    outsider_browser: Browser, draft: Round, database: Database, facilitator: Account
) -> None:
    for path in ("questions", "library", "import", "template", "questions.json", "questions/new/fork"):
        outsider_browser.get(f"/rounds/{draft.id}/{path}", status=404)
