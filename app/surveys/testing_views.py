"""The facilitator's pages of trying a draft out. views.py registers RULES."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.languages import gettext as _
from app.surveys import services, testing
from app.surveys.answering import respondents
from app.surveys.answering.values import kind_of
from app.surveys.models import Question, Round, RoundState, Sheet
from app.surveys.owned import owned_round
from app.surveys.queries import lock_round
from app.web import session

Answer = str | Response


@dataclass(frozen=True)
class TestAnswer:
    __test__ = False

    question: str
    lines: list[str]


@sign_in_required
def show_tests(round_id: int) -> Answer:
    """What was answered in trying the draft out, marked as such."""
    round_ = _draft(round_id)
    sheets = testing.list_test_sheets(session(), round_=round_)
    return render_template(
        "surveys/tests.html", round=round_, sheets=[_read(sheet, round_) for sheet in sheets]
    )


@sign_in_required
def begin_test(round_id: int) -> Answer:
    """Make this browser the test person's, and go to the pages that people will see."""
    round_ = owned_round(round_id)
    try:
        person = testing.begin_test(session(), round_=round_, account=current_account(), now=utc_now())
    except testing.TestRefused as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("surveys.show", round_id=round_id))
    known = respondents.recall(round_.id)
    # The browser's own secret stays, so that an answer can be changed in trying, too.
    secret = known.secret if known is not None else secrets.token_urlsafe(32)
    respondents.remember(round_id=round_.id, link=person.link, secret=secret)
    return redirect(url_for("answering.resume", round_id=round_.id))


@sign_in_required
def delete_tests(round_id: int) -> Answer:
    round_ = _draft(round_id)
    lock_round(session(), round_id=round_id)
    if round_.state != RoundState.DRAFT:
        raise services.WrongState
    testing.purge_tests(session(), round_=round_)
    flash(_("The test answers are deleted."), "success")
    return redirect(url_for("surveys.show_tests", round_id=round_id))


def _draft(round_id: int) -> Round:
    round_ = owned_round(round_id)
    if round_.state != RoundState.DRAFT:
        raise services.WrongState
    return round_


def _read(sheet: Sheet, round_: Round) -> list[TestAnswer]:
    values = {answer.question_id: answer.value for answer in sheet.answers}
    return [TestAnswer(each.prompt, _lines(each, values.get(each.id))) for each in round_.questions]


def _lines(question: Question, value: dict[str, object] | None) -> list[str]:
    if value is None:
        return [_("Not answered.")]
    try:
        lines = kind_of(question).read(question, value)
        return [f"{line.label}: {line.words}" if line.label else line.words for line in lines]
    except (KeyError, TypeError, ValueError, AttributeError):
        return [_("The question has changed since this was written.")]


_ROUND = "/rounds/<int:round_id>"

RULES = (
    (f"{_ROUND}/test", show_tests, ["GET"]),
    (f"{_ROUND}/test", begin_test, ["POST"]),
    (f"{_ROUND}/test/delete", delete_tests, ["POST"]),
)
