from __future__ import annotations

import pytest

from app.offsite.models import Meeting
from app.offsite.plan import LINES, Passage, _lines, build_plan, shortened, split_text
from app.offsite.services import forks_of
from app.people.models import Account
from app.reports.agenda import MINUTES
from app.surveys.models import Confidentiality
from tests.exports.conftest import TEXTS
from tests.offsite.conftest import Build, Built, make, sqlite


@sqlite
def test_the_slides_follow_the_report_and_the_number_comes_late(built: Built) -> None:
    view = built.view
    plan = build_plan(view, Meeting(forks=forks_of(view)))
    kinds = list(dict.fromkeys(slide.kind for slide in plan.slides))

    assert kinds[:3] == ["cover", "silent", "fork"]
    assert kinds.index("fork") < kinds.index("camps") < kinds.index("number") < kinds.index("thesis")
    assert kinds[-1] == "next"
    # The plan is the printed pack's: every fork has its box, and two hours are two hours.
    fork = plan.find("fork-1")
    assert fork is not None
    assert fork.step is not None
    assert fork.step.minutes == 20
    assert sum(step.minutes for step in plan.steps) == MINUTES
    assert plan.after(plan.slides[-1]) is None


@sqlite
def test_everybody_is_read_in_silence_to_the_letter_and_named_only_where_the_mode_allows(
    session: object, facilitator: Account, build: Build
) -> None:
    built = make(session, facilitator, build, mode=Confidentiality.CONFIDENTIAL)  # type: ignore[arg-type]
    view = built.view
    plan = build_plan(view, Meeting(forks=forks_of(view)))
    passages = [item for slide in plan.slides for item in slide.passages]

    assert sorted(item.text for item in passages) == sorted(TEXTS)
    assert not any("Anna Berg" in item.source for item in passages)


@pytest.mark.parametrize(
    "text",
    ["Short.", "A sentence that is one of many. " * 120, "word " * 900, "x" * 5_000, "line\n" * 60],
)
def test_a_long_answer_is_set_on_pages_and_loses_nothing(text: str) -> None:
    parts = split_text(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(_lines(part) <= LINES - 2 for part in parts)


def test_a_quote_that_is_cut_says_so_and_a_short_one_is_whole() -> None:
    assert shortened("All of it.", 20) == "All of it."
    assert shortened("one two three four", 12) == "one two …"
    assert Passage("a", "b").is_continued is False
