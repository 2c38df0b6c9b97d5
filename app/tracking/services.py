"""Building the convergence of a series: every closed round, read by one judge, against the thesis."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.analysis import Judge, Round, compare_rounds
from app.analysis.theme_lineage import ReadThemes, match_themes
from app.reports import queries as reports
from app.reports.services import RoundInput, read_input
from app.surveys.models import Confidentiality, Series
from app.surveys.models import Round as SurveyRound
from app.theses import queries as theses
from app.tracking import queries
from app.tracking.models import Convergence

SCHEMA = "ninefold.convergence/1"


@dataclass(frozen=True)
class ReportThemes:
    """report: the hash of what it was made of, so that a page knows whose themes these places are of."""

    report: str
    texts: tuple[str, ...]
    themes: dict[str, Any]


@dataclass(frozen=True)
class ConvergenceInput:
    """All that the convergence depends on."""

    series_title: str
    thesis: str | None
    thesis_number: int | None
    rounds: tuple[RoundInput, ...]
    round_ids: tuple[int, ...]
    # Per round and answer: a name that is the author's alone through all rounds; None where nobody may know it.
    authors: tuple[tuple[str | None, ...], ...]
    # Per round: its report, and what several people say in it; None where it has not been read for that.
    themes: tuple[ReportThemes | None, ...] = ()

    @property
    def are_names_public(self) -> bool:
        return all(given.confidentiality == Confidentiality.NAMED for given in self.rounds)


def read_series(session: Session, *, series: Series) -> ConvergenceInput:
    closed = queries.list_closed_rounds(session, series_id=series.id)
    given = [read_input(session, round_=round_) for round_ in closed]
    thesis = theses.find_current_version(session, series_id=series.id)
    names = _distinct_names(closed)
    shown = [
        (round_, read)
        for round_, read in zip(closed, given, strict=True)
        if read.has_statements and not read.is_withheld
    ]
    return ConvergenceInput(
        series_title=series.title,
        thesis=thesis.text if thesis else None,
        thesis_number=thesis.number if thesis else None,
        rounds=tuple(read for _, read in shown),
        round_ids=tuple(round_.id for round_, _ in shown),
        authors=tuple(
            tuple(names[statement.author] if statement.author else None for statement in read.statements)
            for _, read in shown
        ),
        themes=tuple(_themes_of(session, round_id=round_.id) for round_, _ in shown),
    )


def _themes_of(session: Session, *, round_id: int) -> ReportThemes | None:
    report = reports.find_latest_report(session, round_id=round_id)
    if report is None or not report.document.get("themes"):
        return None
    texts = tuple(str(statement["text"]) for statement in report.document["statements"])
    return ReportThemes(report.input_hash, texts, report.document["themes"])


def _distinct_names(rounds: list[SurveyRound]) -> dict[str, str]:
    """By identity: the newest name, with the identity beside it where two people share a name."""
    names = {person.identity: person.name for round_ in rounds for person in round_.participants}
    bearers = Counter(names.values())
    return {
        identity: name if bearers[name] == 1 else f"{name} ({identity})" for identity, name in names.items()
    }


def input_hash(given: ConvergenceInput, judge: Judge) -> str:
    content = json.dumps([SCHEMA, judge.fingerprint, asdict(given)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def make_document(
    given: ConvergenceInput, judge: Judge, tell_progress: Callable[[int, str], None]
) -> dict[str, Any]:
    tracking = compare_rounds(
        [
            Round(read.label, authors, tuple(statement.text for statement in read.statements))
            for read, authors in zip(given.rounds, given.authors, strict=True)
        ],
        judge=judge,
        thesis=given.thesis,
        progress=lambda what, share: tell_progress(10 + int(share * 85), what),
    ).to_document()
    for reading in tracking["rounds"]:
        # Who copied the thesis is who wrote what: a number where names are not public.
        reading["n_quoting"] = len(reading["quoting"])
        if not given.are_names_public:
            reading["quoting"] = []
    if not given.are_names_public:
        tracking["notes"] = [note for note in tracking["notes"] if "quoted the thesis" not in note]
    weighed = [read.label for read in given.rounds if read.evidence.opinions]
    if weighed:
        tracking["notes"].append(
            "Rounds are compared by the judge's own reading, because that is the same for all of them; the votes and "
            f"corrections of people in {', '.join(weighed)} move the report of their round alone."
        )
    return {
        "schema": SCHEMA,
        "series_title": given.series_title,
        "thesis": {"number": given.thesis_number, "text": given.thesis} if given.thesis else None,
        "rounds": [
            {
                "id": round_id,
                "label": read.label,
                "n_invited": read.n_invited,
                "n_answered": read.n_answered,
                "confidentiality": read.confidentiality,
            }
            for round_id, read in zip(given.round_ids, given.rounds, strict=True)
        ],
        "tracking": tracking,
        "themes": _matched_themes(given, judge),
    }


def _matched_themes(given: ConvergenceInput, judge: Judge) -> list[dict[str, Any]]:
    """Which themes of neighbouring rounds are the same, then of the first and the last, as changes are tested.

    matches: pairs of places in the themes of the two reports; null where they are too many to be read together.
    """
    n = len(given.themes)
    pairs = [(k, k + 1) for k in range(n - 1)] + ([(0, n - 1)] if n > 2 else [])
    found = []
    for earlier, later in pairs:
        before, after = given.themes[earlier], given.themes[later]
        if before is None or after is None:
            continue
        matches = match_themes(
            ReadThemes(before.texts, before.themes), ReadThemes(after.texts, after.themes), judge=judge
        )
        found.append(
            {
                "from": before.report,
                "to": after.report,
                "matches": None if matches is None else [match.to_document() for match in matches],
            }
        )
    return found


def keep_convergence(
    session: Session, *, series_id: int, input_hash: str, document: dict[str, Any]
) -> Convergence:
    """Keep the newest convergence of the series, and only that one: an older one says nothing that it does not."""
    session.execute(delete(Convergence).where(Convergence.series_id == series_id))
    kept = Convergence(series_id=series_id, input_hash=input_hash, document=document)
    session.add(kept)
    session.flush()
    return kept
