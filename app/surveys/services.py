from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.directory.pasting import Person, identity_of
from app.directory.queries import map_by_identity
from app.jobs.services import enqueue
from app.languages import SOURCE, catalogue
from app.surveys import queries
from app.surveys.answering.services import settle_sheets
from app.surveys.checklist import Verdict, checklist
from app.surveys.links import KeyRefused, token_for
from app.surveys.models import (
    MIN_ANSWERS,
    MIN_THEME_ANSWERS,
    Confidentiality,
    Invitation,
    Participant,
    Question,
    Round,
    RoundLayout,
    RoundState,
    Series,
)
from app.surveys.observers import Observer, observers_of
from app.surveys.roster import carried_over, participant_of, take_over_directory
from app.surveys.starting_points import STARTING_POINTS, StartingPoint, copied_questions
from app.surveys.testing import purge_tests
from app.surveys.translations import in_main_language, languages_of, put_into
from app.surveys.wording import next_label


class WrongState(Exception):
    """The round is not in the state in which this can be done."""


class ListFrozen(Exception):
    """In Unattributed mode nobody joins after the launch: the difference would tell who wrote the new answer."""


class IdentityTaken(Exception):
    """Somebody else in the round has this mail address, or this name."""


class NotReady(Exception):
    """The round cannot be launched yet; the message says what is missing."""


@dataclass(frozen=True)
class RoundSettings:
    """What the facilitator decides about a round before its launch."""

    label: str
    asked_by: str
    introduction: str
    confidentiality: Confidentiality
    time_zone: str
    closes_at: datetime
    layout: RoundLayout = RoundLayout.ONE_QUESTION
    # The main one first; the questions are written in it.
    languages: tuple[str, ...] = (SOURCE,)
    min_answers: int = MIN_ANSWERS
    min_theme_answers: int = MIN_THEME_ANSWERS


def create_round(
    session: Session,
    *,
    organisation_id: int,
    settings: RoundSettings,
    starting_point: StartingPoint = STARTING_POINTS["strategy"],
) -> Round:
    """The first round of a new series, as a draft with the questions of a template."""
    main = settings.languages[0]
    series = Series(organisation_id=organisation_id, title=catalogue(main).gettext(starting_point.title))
    session.add(series)
    session.flush()
    questions = in_main_language(starting_point.questions(), main, written_in=starting_point.language)
    round_ = _add_round(session, series_id=series.id, number=1, settings=settings, questions=questions)
    round_.introduction = round_.introduction or starting_point.introduction
    return round_


def _add_round(
    session: Session, *, series_id: int, number: int, settings: RoundSettings, questions: list[Question]
) -> Round:
    round_ = Round(series_id=series_id, number=number, questions=questions)
    _apply(round_, settings)
    session.add(round_)
    session.flush()
    return round_


def _apply(round_: Round, settings: RoundSettings) -> None:
    round_.label = settings.label
    round_.asked_by = settings.asked_by
    round_.introduction = settings.introduction
    round_.confidentiality = settings.confidentiality
    round_.time_zone = settings.time_zone
    round_.closes_at = settings.closes_at
    round_.layout = settings.layout
    round_.languages = list(settings.languages)
    round_.min_answers, round_.min_theme_answers = settings.min_answers, settings.min_theme_answers


def change_settings(session: Session, *, round_: Round, settings: RoundSettings) -> None:
    _lock_in(session, round_, RoundState.DRAFT)
    if settings.confidentiality != round_.confidentiality:
        # A test answer was written under the mode that the round had.
        purge_tests(session, round_=round_)
    before = languages_of(round_)[0]
    for question in round_.questions:
        put_into(question, settings.languages[0], instead_of=before)
    if list(settings.languages) != languages_of(round_):
        # What people would read has changed.
        for question in round_.questions:
            question.is_previewed = False
    _apply(round_, settings)
    session.flush()


def discard_round(session: Session, *, round_: Round) -> None:
    """Delete a draft, and its series when nothing else is in it."""
    _lock_in(session, round_, RoundState.DRAFT)
    series = round_.series
    session.delete(round_)
    session.flush()
    session.expire(series, ["rounds"])
    if series.rounds:
        return
    # A thesis may hang on the series already; its own rule then keeps the series.
    with suppress(IntegrityError), session.begin_nested():
        session.delete(series)


def may_add_participants(round_: Round) -> bool:
    if round_.state == RoundState.DRAFT:
        return True
    return round_.state == RoundState.OPEN and round_.confidentiality != Confidentiality.UNATTRIBUTED


def add_participants(session: Session, *, round_: Round, people: Iterable[Person]) -> list[Participant]:
    """Add those who are not in the round yet."""
    _lock_in(session, round_, RoundState.DRAFT, RoundState.OPEN)
    if not may_add_participants(round_):
        raise ListFrozen
    present = queries.list_identities(session, round_id=round_.id)
    known = map_by_identity(session, organisation_id=round_.series.organisation_id)
    added = []
    for person in people:
        participant = participant_of(person, known.get(person.identity))
        if participant.identity in present:
            continue
        present.add(participant.identity)
        participant.round_id = round_.id
        added.append(participant)
    session.add_all(added)
    session.flush()
    session.expire(round_, ["participants"])
    return added


def change_participant(
    session: Session, *, participant: Participant, name: str, email: str, role: str
) -> None:
    """Correct a name, an address or a role; once the round has closed they stay as they were."""
    round_ = participant.round
    _lock_in(session, round_, RoundState.DRAFT, RoundState.OPEN)
    identity = identity_of(name=name, email=email)
    others = queries.list_identities(session, round_id=round_.id) - {participant.identity}
    if identity in others:
        raise IdentityTaken
    participant.name, participant.email, participant.role = name, email, role
    participant.identity = identity
    session.flush()


def remove_participant(session: Session, *, participant: Participant) -> None:
    """Take somebody off the list of a draft; nobody is taken out once links are out."""
    round_ = participant.round
    _lock_in(session, round_, RoundState.DRAFT)
    session.delete(participant)
    session.flush()
    session.expire(round_, ["participants"])


def launch_round(session: Session, *, round_: Round, key: str | None, now: datetime) -> None:
    """Open the round with one personal link for each participant, derived from `key` (see app/surveys/links.py).

    Without a key there are no links yet: each mail brings its own, and `make_missing_links` makes the rest.
    Raises NotReady where the checklist does not hold.
    """
    _lock_in(session, round_, RoundState.DRAFT)
    missing = [check.words for check in checklist(round_, now=now) if check.verdict == Verdict.NEEDED]
    if missing:
        raise NotReady(" ".join(missing))
    purge_tests(session, round_=round_)
    take_over_directory(session, round_=round_)
    round_.state, round_.opened_at = RoundState.OPEN, now
    session.flush()
    if key is not None:
        make_links(session, round_=round_, participants=round_.participants, key=key, now=now)


def make_links(
    session: Session, *, round_: Round, participants: Sequence[Participant], key: str, now: datetime
) -> None:
    """Give each of these participants a link under `key`; links that they had before stop working.

    Doing it twice with the same key changes nothing.
    """
    hashes = {
        participant.id: queries.hash_token(
            token_for(key=key, round_id=round_.id, participant_id=participant.id)
        )
        for participant in participants
    }
    live = queries.map_live_tokens(session, round_id=round_.id, token_hashes=hashes.values())
    wanting = {id_: hash_ for id_, hash_ in hashes.items() if hash_ not in live}
    if queries.has_any_invitation(session, token_hashes=wanting.values()):
        # An old page sent again: its links have ended, and what has ended does not come back.
        raise KeyRefused
    session.execute(
        update(Invitation)
        .where(Invitation.participant_id.in_(list(wanting)), Invitation.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )
    session.add_all(
        Invitation(token_hash=hash_, participant_id=id_, created_at=now) for id_, hash_ in wanting.items()
    )
    session.flush()


def make_missing_links(session: Session, *, round_: Round, key: str, now: datetime) -> None:
    """Give a link to everybody of an open round who has none that works, and to nobody else."""
    _lock_in(session, round_, RoundState.OPEN)
    linked = queries.list_linked_ids(session, round_id=round_.id)
    missing = [participant for participant in round_.participants if participant.id not in linked]
    make_links(session, round_=round_, participants=missing, key=key, now=now)


def reissue_link(session: Session, *, participant: Participant, key: str, now: datetime) -> None:
    """Replace one person's link while the round is open; the former link stops working at once."""
    _lock_in(session, participant.round, RoundState.OPEN)
    make_links(session, round_=participant.round, participants=[participant], key=key, now=now)


def add_link(session: Session, *, participant: Participant, key: str, now: datetime) -> Invitation:
    """One more link for this participant, beside those that work already; the same key gives the same link."""
    token_hash = queries.hash_token(
        token_for(key=key, round_id=participant.round_id, participant_id=participant.id)
    )
    invitation = session.get(Invitation, token_hash, populate_existing=True)
    if invitation is None:
        invitation = Invitation(token_hash=token_hash, participant_id=participant.id, created_at=now)
        session.add(invitation)
        session.flush()
    return invitation


def supersede_other_links(session: Session, *, invitation: Invitation, now: datetime) -> None:
    """From now on this link alone opens the round for its person; browsers that began with another one go on."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.participant_id == invitation.participant_id,
            Invitation.token_hash != invitation.token_hash,
            Invitation.revoked_at.is_(None),
            Invitation.superseded_at.is_(None),
        )
        .values(superseded_at=now)
        .execution_options(synchronize_session="fetch")
    )


def extend_round(session: Session, *, round_: Round, closes_at: datetime, time_zone: str) -> None:
    """Move the closing time of an open round."""
    _lock_in(session, round_, RoundState.OPEN)
    round_.closes_at, round_.time_zone = closes_at, time_zone
    session.flush()


def close_round(session: Session, *, round_: Round, now: datetime) -> None:
    """Close an open round for good and have its report built, in one transaction.

    Raises WrongState when somebody else was faster.
    """
    _lock_in(session, round_, RoundState.OPEN)
    round_.state, round_.closed_at = RoundState.CLOSED, now
    session.flush()
    settle_sheets(session, round_=round_)
    enqueue(
        session,
        kind="build_report",
        key=f"build_report:{round_.id}:{now.isoformat()}",
        payload={"round_id": round_.id},
    )


def start_next_round(session: Session, *, round_: Round, now: datetime) -> Round:
    """The round after this closed one, as a draft: same people, same questions, same promises, a new label.

    Asked twice, it returns the round that it made the first time.
    """
    _lock_in(session, round_, RoundState.CLOSED)
    existing = queries.find_next_round(session, round_=round_)
    if existing is not None:
        return existing
    following = Round(
        series_id=round_.series_id,
        number=round_.number + 1,
        label=next_label(round_.label, today=now.date()),
        asked_by=round_.asked_by,
        introduction=round_.introduction,
        confidentiality=round_.confidentiality,
        layout=round_.layout,
        languages=list(languages_of(round_)),
        min_answers=round_.min_answers,
        min_theme_answers=round_.min_theme_answers,
        time_zone=round_.time_zone,
        questions=copied_questions(round_.questions),
        participants=carried_over(session, round_=round_),
    )
    session.add(following)
    session.flush()
    session.add_all(
        Observer(
            round_id=following.id, name=each.name, email=each.email, role=each.role, identity=each.identity
        )
        for each in observers_of(round_)
    )
    session.flush()
    return following


def _lock_in(session: Session, round_: Round, *states: RoundState) -> None:
    """Lock the round and look again: what the page showed may be a minute old."""
    queries.lock_round(session, round_id=round_.id)
    if round_.state not in states:
        raise WrongState
