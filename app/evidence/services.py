from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.analysis.texts import same_words
from app.evidence import queries
from app.evidence.answers import LabelledAnswer, list_labelled_answers, only_readable
from app.evidence.models import Correction, EchoAnswer, EchoCheck, Verdict, Vote
from app.evidence.reading import reading_list
from app.jobs.services import enqueue
from app.languages import gettext as _
from app.people.models import Account
from app.surveys.answering.queries import LINK_LIVES_AFTER_CLOSE, is_alive
from app.surveys.confidentiality import is_withheld
from app.surveys.models import Round, RoundState
from app.surveys.queries import lock_round

# With two answers there is one pair, and the two votes on it could be told apart.
MIN_ANSWERS = 3
# Below this many voters their votes stay out of the report: its change would tell how somebody voted.
MIN_VOTERS = 3


class EchoCheckRefused(Exception):
    """There can be no echo check; the message says why."""


class EchoCheckEnded(Exception):
    """It is over, or was never begun."""


class NotOnTheList(Exception):
    """This voter was not given this answer to read."""


class CorrectionRefused(Exception):
    """The message says why, and what to do instead."""


def list_answers_to_check(session: Session, *, round_: Round, now: datetime) -> tuple[LabelledAnswer, ...]:
    """The answers that an echo check of this closed round is about. Raises EchoCheckRefused."""
    if round_.state != RoundState.CLOSED:
        raise EchoCheckRefused(_("The echo check comes after the round has closed."))
    if not is_alive(round_, now):
        raise EchoCheckRefused(
            _(
                "It needs the personal links, and those end %(n)s days after the close. You can still correct pairs yourself, on the report.",
                n=LINK_LIVES_AFTER_CLOSE.days,
            )
        )
    everybody = list_labelled_answers(session, round_=round_)
    if is_withheld(round_.confidentiality, len(everybody), minimum=round_.min_answers):
        raise EchoCheckRefused(
            _(
                "In this round no answer is shown to anybody below %(n)s answers, and that holds here too.",
                n=round_.min_answers,
            )
        )
    readable = only_readable(everybody)
    if len(readable) < MIN_ANSWERS:
        raise EchoCheckRefused(_("It takes at least three answers that can be read."))
    return readable


def start_echo_check(session: Session, *, round_: Round, closes_at: datetime, now: datetime) -> EchoCheck:
    """Let those who answered read each other until `closes_at`. Started twice, the first start stands."""
    lock_round(session, round_id=round_.id)
    existing = queries.find_echo_check(session, round_id=round_.id)
    if existing is not None:
        return existing
    answers = list_answers_to_check(session, round_=round_, now=now)
    if not is_alive(round_, closes_at):
        raise EchoCheckRefused(_("The personal links end before that. Choose an earlier time."))
    check = EchoCheck(round_id=round_.id, opened_at=now, closes_at=closes_at)
    session.add(check)
    session.flush()
    # In the order of their random ids, which says nothing about who answered when.
    session.execute(
        insert(EchoAnswer),
        [{"round_id": round_.id, "sheet_id": sheet_id} for sheet_id in sorted(a.sheet_id for a in answers)],
    )
    return check


def end_echo_check(session: Session, *, round_id: int, now: datetime) -> None:
    """End it for good and have the report built anew with the votes. Ended twice, nothing happens."""
    check = queries.lock_echo_check(session, round_id=round_id)
    if check is None or check.ended_at is not None:
        return
    check.ended_at = max(now, check.opened_at)
    session.flush()
    _settle_votes(session, round_id=round_id)
    _rebuild_report(session, round_id=round_id, because=f"echo:{check.ended_at.isoformat()}")


def cast_vote(
    session: Session, *, round_id: int, voter_id: str, sheet_id: str, verdict: Verdict, now: datetime
) -> None:
    """Keep what the author of one answer says of another; said again, the newer word stands.

    Raises EchoCheckEnded, or NotOnTheList where this voter has no such answer to read.
    """
    check = queries.lock_echo_check(session, round_id=round_id)
    if check is None or not check.is_open(now):
        raise EchoCheckEnded
    everybody = queries.list_echo_sheets(session, round_id=round_id)
    if voter_id not in everybody or sheet_id not in reading_list(voter_id, everybody):
        raise NotOnTheList
    vote = queries.find_vote(session, round_id=round_id, voter_id=voter_id, sheet_id=sheet_id)
    if vote is None:
        session.add(Vote(round_id=round_id, voter_id=voter_id, sheet_id=sheet_id, verdict=verdict))
    else:
        vote.verdict = verdict
    session.flush()


def correct_pair(
    session: Session,
    *,
    round_: Round,
    first_id: str,
    second_id: str,
    verdict: Verdict,
    reason: str,
    account: Account,
    now: datetime,
) -> Correction:
    """Write down what the facilitator says of two answers, in place of an earlier word on the same two, and have the
    report built anew. Raises CorrectionRefused."""
    lock_round(session, round_id=round_.id)
    texts = {answer.sheet_id: answer.text for answer in list_correctable_answers(session, round_=round_)}
    if first_id == second_id:
        raise CorrectionRefused(_("Choose two different answers."))
    if first_id not in texts or second_id not in texts:
        raise CorrectionRefused(_("Choose two answers of the list."))
    if same_words(texts[first_id]) == same_words(texts[second_id]):
        raise CorrectionRefused(
            _("These two answers are the same word for word, so there is nothing to correct.")
        )
    if verdict == Verdict.UNSURE or not reason.strip():
        raise CorrectionRefused(_("Say what the two answers are to each other, and why."))
    first_id, second_id = sorted((first_id, second_id))
    for standing in queries.list_standing_corrections(session, round_id=round_.id):
        if (standing.first_id, standing.second_id) == (first_id, second_id):
            standing.withdrawn_by_id, standing.withdrawn_at = account.id, now
    session.flush()
    correction = Correction(
        round_id=round_.id,
        first_id=first_id,
        second_id=second_id,
        verdict=verdict,
        reason=reason.strip(),
        made_by_id=account.id,
        made_at=now,
    )
    session.add(correction)
    session.flush()
    _rebuild_report(session, round_id=round_.id, because=f"correction:{correction.id}")
    return correction


def list_correctable_answers(session: Session, *, round_: Round) -> tuple[LabelledAnswer, ...]:
    """The answers that a correction can be about: those that the report shows and the analysis reads."""
    if round_.state != RoundState.CLOSED:
        return ()
    everybody = list_labelled_answers(session, round_=round_)
    if is_withheld(round_.confidentiality, len(everybody), minimum=round_.min_answers):
        return ()
    return only_readable(everybody)


def withdraw_correction(session: Session, *, correction: Correction, account: Account, now: datetime) -> None:
    """Take a correction back; it stays in the log. Withdrawn twice, nothing happens."""
    lock_round(session, round_id=correction.round_id)
    session.refresh(correction)
    if correction.withdrawn_at is not None:
        return
    correction.withdrawn_by_id, correction.withdrawn_at = account.id, now
    session.flush()
    _rebuild_report(session, round_id=correction.round_id, because=f"withdrawal:{correction.id}")


def _rebuild_report(session: Session, *, round_id: int, because: str) -> None:
    enqueue(
        session,
        kind="build_report",
        key=f"build_report:{round_id}:{because}",
        payload={"round_id": round_id},
    )


def _settle_votes(session: Session, *, round_id: int) -> None:
    """Write the votes anew in the order of their random ids: PostgreSQL keeps rows in the order in which they came."""
    session.flush()
    wanted = select(*Vote.__table__.c).where(Vote.round_id == round_id).order_by(Vote.voter_id, Vote.sheet_id)
    rows = [dict(row) for row in session.execute(wanted).mappings()]
    if not rows:
        return
    session.execute(delete(Vote).where(Vote.round_id == round_id))
    session.execute(insert(Vote), rows)
    session.expire_all()
