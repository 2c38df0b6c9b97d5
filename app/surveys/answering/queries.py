from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.people.models import Organisation
from app.surveys.answering.respondents import Entry
from app.surveys.answering.values import Typed, Weighed, kind_of, weigh
from app.surveys.kinds import guess_question, strategy_question
from app.surveys.models import (
    Confidentiality,
    Draft,
    Invitation,
    Participant,
    ParticipantState,
    Question,
    Round,
    RoundState,
    Sheet,
)

# How long after the close a personal link, and the cookie that came of it, still opens one's own answer.
LINK_LIVES_AFTER_CLOSE = timedelta(days=30)


@dataclass(frozen=True)
class Respondent:
    """Who answers in this browser: a participant who came by a live link."""

    invitation: Invitation
    participant: Participant
    round: Round
    browser: str

    @property
    def is_unattributed(self) -> bool:
        return self.round.confidentiality == Confidentiality.UNATTRIBUTED

    def accepts_answers(self, now: datetime) -> bool:
        """May an answer that is on the screen be sent? Whoever tries a draft out may, until it is launched."""
        if self.participant.is_test:
            return self.round.state == RoundState.DRAFT
        return self.round.accepts_answers(now)


@dataclass(frozen=True)
class Desk:
    """What may lie before this respondent, in this browser.

    submitted and drafts are keyed by question id. `submitted` is filled only for the browser that sent it: a link
    alone never shows an answer. A draft that was never sent may be taken up in another browser (except in
    Unattributed mode, where nothing says whose it is); once something was sent, a draft is for its own browser.
    left: the questions that the respondent went on from. mark: what is recorded now, as a hash.
    """

    is_recorded: bool
    is_own: bool
    is_final: bool
    submitted: Mapping[int, dict[str, Any]]
    drafts: Mapping[int, Typed]
    left: frozenset[int]
    mark: str

    def typed(self, question: Question) -> Typed:
        """What stands in this question's fields: the draft, or else what was sent."""
        if question.id in self.drafts:
            return self.drafts[question.id]
        value = self.submitted.get(question.id)
        return kind_of(question).edit(value) if value is not None else {}

    def weighed(self, questions: Sequence[Question]) -> Weighed:
        return weigh(questions, {question.position: self.typed(question) for question in questions})

    def has_changes(self, questions: Sequence[Question]) -> bool:
        """Is something on the desk that was not sent? A draft of a question that is not asked is not."""

        def filled(typed: Typed) -> dict[str, str]:
            return {part: text for part, text in typed.items() if text}

        for question in self.weighed(questions).asked:
            if question.id in self.drafts:
                value = self.submitted.get(question.id)
                sent = kind_of(question).edit(value) if value is not None else {}
                if filled(self.drafts[question.id]) != filled(sent):
                    return True
        return False


@dataclass(frozen=True)
class SubmittedAnswer:
    """One submitted sheet as the report reads it. Unattributed: nobody's (participant_id, name, role are None)."""

    sheet_id: str
    participant_id: int | None
    name: str | None
    role: str | None
    text: str
    percent: int | None


def is_alive(round_: Round, now: datetime) -> bool:
    """Do the personal links of this round still open anything?"""
    if round_.state == RoundState.DRAFT or round_.closes_at is None:
        return True
    ended_at = round_.closed_at or round_.closes_at
    return now < max(ended_at, round_.closes_at) + LINK_LIVES_AFTER_CLOSE


def find_respondent(session: Session, *, entry: Entry, now: datetime) -> Respondent | None:
    """Whom this cookie entry stands for; None once the link is revoked, dead, or not of this round."""
    invitation = session.scalar(
        select(Invitation)
        .join(Invitation.participant)
        .where(
            Invitation.token_hash == entry.link,
            Invitation.revoked_at.is_(None),
            Participant.round_id == entry.round_id,
        )
        .options(
            joinedload(Invitation.participant).joinedload(Participant.round).selectinload(Round.questions),
            joinedload(Invitation.participant).joinedload(Participant.round).joinedload(Round.series),
        )
    )
    if invitation is None or not is_alive(invitation.participant.round, now):
        return None
    participant = invitation.participant
    return Respondent(
        invitation=invitation, participant=participant, round=participant.round, browser=entry.browser
    )


def find_participant_id(session: Session, *, link: str) -> int | None:
    """Whose link this is or was; a replaced one too, so that a new link finds the same person's browser again."""
    return session.scalar(select(Invitation.participant_id).where(Invitation.token_hash == link))


def find_sheet(session: Session, *, respondent: Respondent) -> Sheet | None:
    """The respondent's sheet. Unattributed: the one that this browser wrote; nothing leads to any other."""
    wanted = (
        (Sheet.id == respondent.browser) & (Sheet.round_id == respondent.round.id)
        if respondent.is_unattributed
        else Sheet.participant_id == respondent.participant.id
    )
    return session.scalar(
        select(Sheet).where(wanted).options(selectinload(Sheet.answers), selectinload(Sheet.drafts))
    )


def get_desk(session: Session, *, respondent: Respondent) -> Desk:
    sheet = find_sheet(session, respondent=respondent)
    is_recorded = (
        respondent.participant.state == ParticipantState.SUBMITTED
        if respondent.is_unattributed
        else sheet is not None and sheet.is_submitted
    )
    is_own = sheet is not None and sheet.is_submitted and sheet.id == respondent.browser
    drafts = [
        draft
        for draft in (sheet.drafts if sheet else ())
        if not is_recorded or draft.value["browser"] == respondent.browser
    ]
    return Desk(
        is_recorded=is_recorded,
        is_own=is_own,
        is_final=is_recorded and not is_own and respondent.is_unattributed,
        submitted={answer.question_id: answer.value for answer in sheet.answers} if sheet and is_own else {},
        drafts={draft.question_id: typed_of(draft) for draft in drafts},
        left=frozenset(draft.question_id for draft in drafts if draft.value.get("left", True)),
        mark=recorded_mark(sheet, browser=respondent.browser),
    )


def typed_of(draft: Draft) -> Typed:
    """What stands in the fields; a single field is kept as its text."""
    kept = draft.value["typed"]
    return (
        {str(part): str(text) for part, text in kept.items()} if isinstance(kept, dict) else {"": str(kept)}
    )


def recorded_mark(sheet: Sheet | None, *, browser: str) -> str:
    """Tells one recorded answer from another, so that a page that is out of date does not replace a newer one.

    Of an answer that another browser sent it tells only that there is one: not even the hash of its words.
    """
    if sheet is None or not sheet.is_submitted:
        return "nothing"
    told: list[Any] = [sheet.id]
    if sheet.id == browser:
        told += sorted(
            (answer.question_id, json.dumps(answer.value, sort_keys=True)) for answer in sheet.answers
        )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def get_organisation_name(session: Session, *, round_: Round) -> str:
    return session.get_one(Organisation, round_.series.organisation_id).name


def count_participants(session: Session, *, round_id: int) -> int:
    wanted = (
        select(func.count())
        .select_from(Participant)
        .where(Participant.round_id == round_id, Participant.is_test.is_(False))
    )
    return session.scalars(wanted).one()


def find_question(round_: Round, *, position: int) -> Question | None:
    return next((question for question in round_.questions if question.position == position), None)


def list_submitted_sheets(session: Session, *, round_id: int) -> list[SubmittedAnswer]:
    """What was submitted in this round, for its report; drafts and unsent sheets are not in it.

    The order says nothing about time: by the participants' names, or in Unattributed mode by the sheets' random ids.
    """
    sheets = session.scalars(
        select(Sheet)
        .where(Sheet.round_id == round_id, Sheet.is_submitted)
        .order_by(Sheet.id)
        .options(selectinload(Sheet.answers))
    ).all()
    people = {
        participant.id: participant
        for participant in session.scalars(select(Participant).where(Participant.round_id == round_id))
    }
    questions = session.scalars(
        select(Question).where(Question.round_id == round_id).order_by(Question.position)
    ).all()
    found = [_as_submitted(sheet, people.get(sheet.participant_id or 0), questions) for sheet in sheets]
    # Sorted here and not by the database: the two kinds of database sort names differently.
    return sorted(found, key=lambda answer: (answer.name or "", answer.participant_id or 0))


def _as_submitted(
    sheet: Sheet, participant: Participant | None, questions: Sequence[Question]
) -> SubmittedAnswer:
    by_question = {answer.question_id: answer.value for answer in sheet.answers}

    def value_of(question: Question | None) -> dict[str, Any]:
        return by_question.get(question.id, {}) if question is not None else {}

    percent = value_of(guess_question(questions)).get("percent")
    return SubmittedAnswer(
        sheet_id=sheet.id,
        participant_id=participant.id if participant else None,
        name=participant.name if participant else None,
        role=participant.role if participant else None,
        text=str(value_of(strategy_question(questions)).get("text", "")),
        percent=None if percent is None else int(percent),
    )
