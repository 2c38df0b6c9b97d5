"""Building the report of a round: read the rows, judge them outside any transaction, keep one document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from app.analysis import Analysis, Judge, PairJudgements, analyse, default_judge
from app.analysis.evidence import (
    CORRECTION_VOTES,
    Opinion,
    Verdict,
    constants,
    evidence_of,
    with_opinions_on_opposites,
)
from app.analysis.judge import PosteriorSettings
from app.analysis.many import near_pairs_by
from app.analysis.near import NearJudgements
from app.analysis.second import second_judge
from app.analysis.themes import name_camps, read_themes
from app.db import Database, utc_now
from app.evidence import queries as evidence_queries
from app.evidence.answers import list_labelled_answers
from app.evidence.services import MIN_VOTERS
from app.reports import queries
from app.reports.map_places import earlier_places
from app.reports.models import Report
from app.reports.questions import (
    STATEMENTS,
    AskedQuestion,
    collect,
    headline_without_statements,
    questions_document,
)
from app.reports.vectors import StoredVectors
from app.surveys.confidentiality import is_withheld
from app.surveys.kinds import strategy_question
from app.surveys.models import Confidentiality, ParticipantState, Round

SCHEMA = "ninefold.report/1"


@dataclass(frozen=True)
class Statement:
    """One answer as the report shows it."""

    label: str
    name: str | None
    role: str | None
    text: str
    percent: int | None
    # The stable identity of the author, for comparing rounds; None in Unattributed mode, and never in a document.
    author: str | None


@dataclass(frozen=True)
class PairVotes:
    """How many of the echo check's voters said this of these two answers; who they were is not kept here."""

    first: int
    second: int
    verdict: Verdict
    n: int


@dataclass(frozen=True)
class PairCorrection:
    """One standing correction, by the numbers of its answers."""

    first: int
    second: int
    verdict: Verdict
    reason: str
    made_by: str
    made_at: str


@dataclass(frozen=True)
class RoundEvidence:
    """What people said about pairs of answers; votes only once the echo check has ended."""

    has_echo_check: bool = False
    n_may_vote: int = 0
    n_voters: int = 0
    # Those of them who said more than "can't tell".
    n_telling: int = 0
    votes: tuple[PairVotes, ...] = ()
    corrections: tuple[PairCorrection, ...] = ()

    @property
    def are_votes_counted(self) -> bool:
        return self.n_telling >= MIN_VOTERS

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """What enters the posterior."""
        voted = (
            tuple(Opinion(pair.first, pair.second, pair.verdict, float(pair.n)) for pair in self.votes)
            if self.are_votes_counted
            else ()
        )
        corrected = (Opinion(c.first, c.second, c.verdict, CORRECTION_VOTES) for c in self.corrections)
        return tuple(opinion for opinion in (*voted, *corrected) if opinion.verdict != "unsure")


@dataclass(frozen=True)
class RoundInput:
    """All that a report depends on: the same input gives the same document, to the byte."""

    series_title: str
    label: str
    number: int
    asked_by: str
    confidentiality: str
    question: str
    closed_at: str
    time_zone: str
    n_invited: int
    n_answered: int
    min_answers: int
    min_theme_answers: int
    statements: tuple[Statement, ...]
    evidence: RoundEvidence = RoundEvidence()
    # Every question with its answers, the people in one order for all of them: never as it is in a document.
    asked: tuple[AskedQuestion, ...] = ()
    # (label, name, role) of those people; only in Named mode.
    people: tuple[tuple[str, str, str], ...] = ()
    # Where those who were on the map of the round before stood there, by statement; and the label of that round.
    anchors: tuple[tuple[int, float, float], ...] = ()
    map_follows: str | None = None

    @property
    def has_statements(self) -> bool:
        """Was the strategy asked for in people's own words? Without it there are no camps and no agreement."""
        return any(question.read_as == STATEMENTS for question in self.asked)

    @property
    def is_withheld(self) -> bool:
        return is_withheld(self.confidentiality, self.n_answered, minimum=self.min_answers)

    @property
    def guesses(self) -> list[int | None]:
        """What each person expected; nothing of anybody where too few guessed: the mean of one guess is that guess."""
        found = [statement.percent for statement in self.statements]
        n = sum(guess is not None for guess in found)
        return (
            [None] * len(found) if is_withheld(self.confidentiality, n, minimum=self.min_answers) else found
        )


@cache
def judge_for(database: Database, model: str | None) -> Judge:
    """The judge of this process: the model is loaded once, at the first report."""
    return default_judge(model=model, cache=StoredVectors(database))


def read_input(session: Session, *, round_: Round) -> RoundInput:
    answers = list_labelled_answers(session, round_=round_)
    strategy = strategy_question(round_.questions)
    values = queries.list_sheet_values(session, round_id=round_.id)
    identities = {person.id: person.identity for person in round_.participants}
    assert round_.closed_at is not None
    anchors, map_follows = earlier_places(session, round_=round_, answers=answers if strategy else ())
    return RoundInput(
        anchors=anchors,
        map_follows=map_follows,
        series_title=round_.series.title,
        label=round_.label,
        number=round_.number,
        asked_by=round_.asked_by,
        confidentiality=round_.confidentiality,
        question=strategy.prompt if strategy else "",
        closed_at=round_.closed_at.isoformat(),
        time_zone=round_.time_zone,
        n_invited=len(round_.participants),
        n_answered=sum(person.state == ParticipantState.SUBMITTED for person in round_.participants),
        min_answers=round_.min_answers,
        min_theme_answers=round_.min_theme_answers,
        statements=tuple(
            Statement(
                label=answer.label,
                name=answer.name,
                role=answer.role,
                text=answer.text,
                percent=answer.percent,
                author=identities.get(answer.participant_id) if answer.participant_id else None,
            )
            for answer in (answers if strategy else ())
        ),
        evidence=_read_evidence(
            session, round_id=round_.id, places={answer.sheet_id: i for i, answer in enumerate(answers)}
        ),
        asked=collect(round_.questions, [values.get(answer.sheet_id, {}) for answer in answers]),
        people=(
            tuple((answer.label, answer.name or "", answer.role or "") for answer in answers)
            if round_.confidentiality == Confidentiality.NAMED
            else ()
        ),
    )


def _read_evidence(session: Session, *, round_id: int, places: dict[str, int]) -> RoundEvidence:
    check = evidence_queries.find_echo_check(session, round_id=round_id)
    is_over = check is not None and check.ended_at is not None
    votes = evidence_queries.list_votes(session, round_id=round_id) if is_over else []
    counts: dict[tuple[int, int, Verdict], int] = {}
    for vote in votes:
        first, second = sorted((places[vote.voter_id], places[vote.sheet_id]))
        said = _verdict(vote.verdict)
        counts[first, second, said] = counts.get((first, second, said), 0) + 1
    return RoundEvidence(
        has_echo_check=is_over,
        n_may_vote=len(evidence_queries.list_echo_sheets(session, round_id=round_id)) if is_over else 0,
        n_voters=len({vote.voter_id for vote in votes}),
        n_telling=len({vote.voter_id for vote in votes if vote.verdict != "unsure"}),
        votes=tuple(PairVotes(*key, n) for key, n in sorted(counts.items())),
        corrections=tuple(
            PairCorrection(
                first=min(places[correction.first_id], places[correction.second_id]),
                second=max(places[correction.first_id], places[correction.second_id]),
                verdict=_verdict(correction.verdict),
                reason=correction.reason,
                made_by=correction.made_by.name,
                made_at=correction.made_at.isoformat(),
            )
            for correction in evidence_queries.list_standing_corrections(session, round_id=round_id)
        ),
    )


def _verdict(text: str) -> Verdict:
    verdicts: tuple[Verdict, ...] = ("same", "different", "opposite", "unsure")
    return next(verdict for verdict in verdicts if verdict == text)


def input_hash(given: RoundInput, judge: Judge) -> str:
    content = json.dumps([SCHEMA, judge.fingerprint, asdict(given)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


class _RememberingJudge:
    """A judge that is asked the same thing twice and answers once: with and without the evidence of people."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._last: tuple[tuple[str, ...], PairJudgements] | None = None

    @property
    def name(self) -> str:
        return self._judge.name

    @property
    def fingerprint(self) -> str:
        return self._judge.fingerprint

    @property
    def posterior(self) -> PosteriorSettings:
        return self._judge.posterior

    @property
    def facts(self) -> dict[str, Any]:
        return self._judge.facts

    @property
    def second(self) -> Judge | None:
        return second_judge(self._judge)

    def judge(self, texts: Sequence[str]) -> PairJudgements:
        if self._last is None or self._last[0] != tuple(texts):
            self._last = (tuple(texts), self._judge.judge(texts))
        return self._last[1]

    def judge_near(self, texts: list[str], also: list[tuple[int, int]]) -> NearJudgements:
        return near_pairs_by(self._judge, texts, also)


def make_document(
    given: RoundInput, judge: Judge, tell_progress: Callable[[int, str], None]
) -> dict[str, Any]:
    """Read the answers: by the judge alone, and where people said something about pairs, once more with that.

    Minutes for a large round; holds no transaction.
    """
    # Nothing of `evidence` and `asked` goes in as it is: they hold what each person said, whatever the mode.
    facts = {
        key: value
        for key, value in asdict(given).items()
        if key not in {"statements", "evidence", "asked", "people", "anchors", "map_follows"}
    }
    if given.is_withheld:
        return {
            "schema": SCHEMA,
            "round": facts,
            "is_withheld": True,
            "statements": [],
            "analysis": None,
            "themes": None,
            "camp_labels": [],
            "machine": None,
            "evidence": None,
            "has_statements": given.has_statements,
            "people": [],
            "questions": [],
        }
    asked = _RememberingJudge(judge)
    opinions = given.evidence.opinions
    # The first ten points are the loading of the model, the last five the keeping of the report.
    machine = _analyse(given, asked, (), lambda what, share: tell_progress(10 + int(share * 75), what))
    analysis = machine
    if opinions:
        analysis = _analyse(
            given, asked, opinions, lambda what, share: tell_progress(85 + int(share * 10), what)
        )
    document = analysis.to_document()
    tell_progress(93, "Looking for what several people say")
    themes = read_themes([statement.text for statement in given.statements], judge=asked)
    questions = questions_document(
        given.asked,
        mode=given.confidentiality,
        minimum=given.min_answers,
        judge=judge,
        tell=lambda what: tell_progress(94, what),
    )
    if not given.has_statements:
        document["headline"] = headline_without_statements(given.n_answered, questions)
        document["notes"] = []
    return {
        "schema": SCHEMA,
        "round": facts,
        "is_withheld": False,
        "has_statements": given.has_statements,
        "people": [
            {"label": label, "name": name or None, "role": role or None} for label, name, role in given.people
        ],
        "questions": questions,
        "statements": [
            {
                "label": statement.label,
                "name": statement.name,
                "role": statement.role,
                "text": statement.text,
                # Without names two answers of the same person are never joined.
                "percent": statement.percent if given.confidentiality == Confidentiality.NAMED else None,
            }
            for statement in given.statements
        ],
        "analysis": document,
        "map_follows": given.map_follows,
        "themes": themes.to_document(),
        "camp_labels": [
            None if label is None else {"text": label.text, **label.place}
            for label in name_camps(themes, [(camp.members, camp.representative) for camp in analysis.camps])
        ],
        "machine": machine.to_document() if opinions else None,
        "evidence": _evidence_document(given, analysis),
    }


def _analyse(
    given: RoundInput, judge: Judge, opinions: Sequence[Opinion], progress: Callable[[str, float], None]
) -> Analysis:
    """The judge adds the log odds of "same" to its own; the verdict "opposite" also raises `opposed`."""
    analysis = analyse(
        [statement.text for statement in given.statements],
        judge=judge,
        guesses=given.guesses,
        evidence=evidence_of(opinions),
        labels=[statement.label for statement in given.statements],
        progress=progress,
        anchors={index: (x, y) for index, x, y in given.anchors},
    )
    return with_opinions_on_opposites(analysis, opinions) if opinions else analysis


def _evidence_document(given: RoundInput, analysis: Analysis) -> dict[str, Any]:
    evidence = given.evidence
    in_camps = {member for camp in analysis.camps for member in camp.members}
    told = [pair for pair in evidence.votes if pair.verdict != "unsure"]
    return {
        "votes": {
            "echo_check": evidence.has_echo_check,
            "may_vote": evidence.n_may_vote,
            "voters": evidence.n_voters,
            "pairs": len({(pair.first, pair.second) for pair in told}),
            "counted": evidence.are_votes_counted,
            "fewest_voters": MIN_VOTERS,
        },
        "corrections": [
            {
                "pair": [correction.first, correction.second],
                "verdict": correction.verdict,
                "reason": correction.reason,
                "made_by": correction.made_by,
                "made_at": correction.made_at,
                # An answer that names no strategy is in no camp, whatever is said of it.
                "has_effect": {correction.first, correction.second} <= in_camps,
            }
            for correction in evidence.corrections
        ],
        "constants": dict(constants()),
    }


def keep_report(session: Session, *, round_id: int, input_hash: str, document: dict[str, Any]) -> Report:
    """Make this the round's report. One that stands under this hash already is taken as it is: a second run of the
    same job finds it there, and so does a correction that was taken back."""
    found = queries.find_report(session, round_id=round_id, input_hash=input_hash)
    if found is None:
        found = Report(round_id=round_id, input_hash=input_hash, document=document)
        session.add(found)
    elif found is not queries.find_latest_report(session, round_id=round_id):
        found.built_at = utc_now()
    session.flush()
    return found


def as_json(document: dict[str, Any]) -> str:
    """The document as a file: the same report is the same bytes."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
