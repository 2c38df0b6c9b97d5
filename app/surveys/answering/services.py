from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.db import utc_now
from app.surveys.answering import queries
from app.surveys.answering.pace import count_left, count_reached
from app.surveys.answering.queries import Respondent
from app.surveys.answering.turnout import count_first_answer
from app.surveys.answering.values import Typed, Value, is_nothing, weigh
from app.surveys.models import (
    Answer,
    Confidentiality,
    Draft,
    Participant,
    ParticipantState,
    Question,
    Round,
    Sheet,
)
from app.surveys.queries import lock_round
from app.texts import clean_text


class LinkRevoked(Exception):
    """The personal link was replaced or revoked while its page was open."""


class RoundNotOpen(Exception):
    """The round takes no answer now: it has not begun, or its close and the grace after it are over."""


class RecordedElsewhere(Exception):
    """Unattributed: this person's answer was sent from another browser, and only that one knows which it is."""


class RecordedMeanwhile(Exception):
    """Another answer of this person was recorded after the page was made that is sent now."""


class AnswersIncomplete(Exception):
    """Some answers cannot be sent as they are; `problems` says why, by the position of the question."""

    def __init__(self, problems: Mapping[int, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


def save_draft(session: Session, *, respondent: Respondent, typed: Mapping[int, Typed]) -> None:
    """Keep what is on the screen, by the position of its question, finished or not.

    Saving the same again changes nothing.
    """
    _lock(session, respondent)
    _keep_drafts(session, respondent, typed)
    session.flush()


def go_on(
    session: Session,
    *,
    respondent: Respondent,
    typed: Mapping[int, Typed],
    following: Question | None = None,
    seconds: int | None = None,
) -> None:
    """Keep what is on the screen, and that its author went on from it to the question that follows.

    The first time it is counted, as numbers that name nobody (pace.py); once something was sent, no more.
    """
    _lock(session, respondent)
    sheet = _keep_drafts(session, respondent, typed)
    is_counted = not sheet.is_submitted and not respondent.participant.is_test
    positions = {
        question.id: question for question in respondent.round.questions if question.position in typed
    }
    for draft in sheet.drafts:
        if draft.question_id in positions and not draft.value.get("left", True):
            draft.value = {**draft.value, "left": True}
            if is_counted:
                mode = respondent.round.confidentiality
                count_left(session, question=positions[draft.question_id], seconds=seconds, mode=mode)
    is_new = following is not None and following.id not in {draft.question_id for draft in sheet.drafts}
    if following is not None and is_new and not sheet.is_submitted:
        _keep_drafts(session, respondent, {following.position: {}})
    session.flush()


def submit(
    session: Session, *, respondent: Respondent, typed: Mapping[int, Typed | str], mark: str | None = None
) -> None:
    """Record the answers (by position) as this person's only ones, in place of any sent before.

    Sending the same again, however often and however much at once, leaves exactly one sheet. With a mark (what was
    recorded when the page was made, see `queries.recorded_mark`) a page that is out of date replaces nothing.
    Questions that these answers do not lead to are not recorded; their drafts stay.
    Raises LinkRevoked, RoundNotOpen, RecordedElsewhere, RecordedMeanwhile or AnswersIncomplete, and then records
    nothing.
    """
    _lock(session, respondent)
    weighed = weigh(respondent.round.questions, as_typed(typed))
    if weighed.problems:
        raise AnswersIncomplete({position: str(refused) for position, refused in weighed.problems.items()})
    values = weighed.values
    sheet = _sheet_to_write(session, respondent)
    if sheet.is_submitted and not _is_recorded(sheet, values, respondent):
        now_recorded = queries.recorded_mark(sheet, browser=respondent.browser)
        if mark is not None and mark != now_recorded:
            raise RecordedMeanwhile
    asked = {question.id for question in weighed.asked}
    kept_drafts = [
        {"question_id": draft.question_id, "value": draft.value}
        for draft in sheet.drafts
        if draft.question_id not in asked
        and draft.value["browser"] == respondent.browser
        and not is_nothing(queries.typed_of(draft))
    ]
    if sheet.id != respondent.browser:
        # Sent or begun in another browser: from now on the answer is shown in this one only.
        session.delete(sheet)
        session.flush()
        sheet = _new_sheet(session, respondent)
    sheet.is_submitted = True
    sheet.drafts = []
    session.flush()
    sheet.drafts = [Draft(**draft) for draft in kept_drafts]
    kept = {answer.question_id: answer for answer in sheet.answers}
    for question_id, answer in kept.items():
        if question_id not in values:
            sheet.answers.remove(answer)
    for question_id, value in values.items():
        if question_id in kept:
            kept[question_id].value = value
        else:
            sheet.answers.append(Answer(question_id=question_id, value=value))
    if respondent.participant.state != ParticipantState.SUBMITTED and not respondent.participant.is_test:
        count_first_answer(session, round_=respondent.round, now=utc_now())
    respondent.participant.state = ParticipantState.SUBMITTED
    session.flush()


def as_typed(typed: Mapping[int, Typed | str]) -> dict[int, Typed]:
    """A single field may be given as its text."""
    return {position: {"": each} if isinstance(each, str) else each for position, each in typed.items()}


def settle_sheets(session: Session, *, round_: Round) -> None:
    """At the close of an Unattributed round: delete what was never sent, and write the rest anew in random order.

    PostgreSQL keeps rows in the order in which they were written, and with each the transaction that wrote it;
    one of the two would join a sheet to the participant who sent it. Only while closing: what is said about a sheet
    later, in the echo check, would go with it. Rounds of other modes are left alone.
    """
    if round_.confidentiality != Confidentiality.UNATTRIBUTED:
        return
    session.flush()
    session.execute(delete(Sheet).where(Sheet.round_id == round_.id, Sheet.is_submitted.is_(False)))
    of_round = select(Sheet.id).where(Sheet.round_id == round_.id)
    session.execute(delete(Draft).where(Draft.sheet_id.in_(of_round)))
    # The ids are hashes of random secrets, so their order is a random order.
    sheets = _rows(session, select(*Sheet.__table__.c).where(Sheet.round_id == round_.id).order_by(Sheet.id))
    answers = _rows(
        session,
        select(*Answer.__table__.c)
        .where(Answer.sheet_id.in_(of_round))
        .order_by(Answer.sheet_id, Answer.question_id),
    )
    session.execute(delete(Sheet).where(Sheet.round_id == round_.id))
    if sheets:
        session.execute(insert(Sheet), sheets)
    if answers:
        session.execute(insert(Answer), answers)
    for participant_id in session.scalars(
        select(Participant.id).where(Participant.round_id == round_.id).order_by(Participant.id)
    ).all():
        session.execute(
            update(Participant)
            .where(Participant.id == participant_id)
            .values(state=Participant.state)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def _rows(session: Session, statement: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(statement).mappings()]


def _lock(session: Session, respondent: Respondent) -> None:
    """Wait for whoever closes the round or sends for it; then look at the clock, and at the link again."""
    lock_round(session, round_id=respondent.round.id)
    session.refresh(respondent.participant, ["state"])
    session.refresh(respondent.invitation, ["revoked_at"])
    if respondent.invitation.revoked_at is not None:
        raise LinkRevoked
    if not respondent.accepts_answers(utc_now()):
        raise RoundNotOpen


def _sheet_to_write(session: Session, respondent: Respondent) -> Sheet:
    sheet = queries.find_sheet(session, respondent=respondent)
    is_recorded = respondent.participant.state == ParticipantState.SUBMITTED
    if respondent.is_unattributed and is_recorded and (sheet is None or not sheet.is_submitted):
        raise RecordedElsewhere
    return sheet or _new_sheet(session, respondent)


def _new_sheet(session: Session, respondent: Respondent) -> Sheet:
    sheet = Sheet(
        id=respondent.browser,
        round_id=respondent.round.id,
        confidentiality=respondent.round.confidentiality,
        participant_id=None if respondent.is_unattributed else respondent.participant.id,
        is_submitted=False,
        answers=[],
        drafts=[],
    )
    session.add(sheet)
    return sheet


def _keep_drafts(session: Session, respondent: Respondent, typed: Mapping[int, Typed]) -> Sheet:
    sheet = _sheet_to_write(session, respondent)
    drafts = {draft.question_id: draft for draft in sheet.drafts}
    for question in respondent.round.questions:
        if question.position not in typed:
            continue
        fields = {part: clean_text(text) for part, text in typed[question.position].items()}
        kept = fields.get("", "") if set(fields) <= {""} else fields
        value = {"typed": kept, "browser": respondent.browser, "left": False}
        draft = drafts.get(question.id)
        if draft is None:
            sheet.drafts.append(Draft(question_id=question.id, value=value))
            if not sheet.is_submitted and not respondent.participant.is_test:
                count_reached(session, question=question)
        else:
            value["left"] = draft.value.get("left", True)
            if draft.value != value:
                draft.value = value
        # Not when the page is opened: a mail scanner that opens and clicks has not started to answer.
        if respondent.participant.state == ParticipantState.INVITED and not is_nothing(fields):
            respondent.participant.state = ParticipantState.STARTED
    return sheet


def _is_recorded(sheet: Sheet, values: Mapping[int, Value], respondent: Respondent) -> bool:
    """Are exactly these answers recorded already, by this browser?"""
    return sheet.id == respondent.browser and values == {
        answer.question_id: answer.value for answer in sheet.answers
    }
