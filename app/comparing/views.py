from __future__ import annotations

from flask import Blueprint, render_template, request

from app.access import sign_in_required
from app.comparing.cuts import Cut, make_cuts
from app.comparing.sides import compare_rounds, compare_two_groups
from app.evidence.answers import list_labelled_answers
from app.languages import lazy_gettext as _l
from app.reports import queries as reports
from app.reports.models import Report, ReportSection
from app.reports.presenting import ReportView, present
from app.surveys.confidentiality import may_compare_groups
from app.surveys.models import Round
from app.surveys.owned import owned_round, owned_series
from app.tracking import queries as tracking
from app.web import NotHere, session

blueprint = Blueprint("comparing", __name__)

CUTS = {"function": _l("Function"), "level": _l("Level")}


@blueprint.get("/series/<int:series_id>/compare")
@sign_in_required
def rounds(series_id: int) -> str:
    """Two rounds of the series side by side; the last two unless others are chosen."""
    series = owned_series(series_id)
    found = {round_: report for round_ in series.rounds if (report := _report(round_)) is not None}
    offered = list(found)
    by_id = {str(round_.id): round_ for round_ in offered}
    chosen = [by_id.get(request.args.get(name, "")) for name in ("earlier", "later")]
    if None in chosen and len(offered) >= 2:
        chosen = [offered[-2], offered[-1]]
    # Whichever was chosen first: time goes from left to right.
    pair = sorted((round_ for round_ in chosen if round_ is not None), key=lambda round_: round_.number)
    is_pair = len({round_.id for round_ in pair}) == 2
    views = [_view(round_, found[round_]) for round_ in pair]
    compared = None
    if is_pair:
        matches = _matches(series_id, found[pair[0]], found[pair[1]])
        compared = compare_rounds(views[0], views[1], matches)
    return render_template(
        "comparing/rounds.html",
        series=series,
        offered=offered,
        chosen=pair,
        is_pair=is_pair,
        views=views,
        found=compared,
        unrevealed=[
            round_
            for round_ in pair
            if reports.revealed_sections(session(), round_=round_) != frozenset(ReportSection)
        ],
    )


@blueprint.get("/rounds/<int:round_id>/report/groups")
@sign_in_required
def groups(round_id: int) -> str:
    """Two groups of one round side by side, where its mode and the sizes of the groups allow it."""
    round_ = owned_round(round_id)
    found = _report(round_)
    if found is None:
        raise NotHere
    report = _view(round_, found)
    is_allowed = may_compare_groups(round_.confidentiality)
    cuts = _cuts(round_, report) if is_allowed else {}
    shown = [by for by, cut in cuts.items() if not cut.refused]
    by = request.args.get("by", "")
    by = by if by in shown else (shown[0] if shown else "")
    offered = cuts[by].groups if by else ()
    pair = [
        next((group for group in offered if group.name == request.args.get(name)), None)
        for name in ("first", "second")
    ]
    if offered and (pair[0] is None or pair[1] is None):
        pair = [offered[0], offered[1]]
    first, second = pair
    is_pair = first is not None and second is not None and first != second
    return render_template(
        "comparing/groups.html",
        round=round_,
        report=report,
        is_allowed=is_allowed,
        cuts=cuts,
        cut_names=CUTS,
        by=by,
        offered=offered,
        chosen=pair,
        minimum=round_.min_answers,
        found=compare_two_groups(report, first, second) if first and second and is_pair else None,
    )


def _report(round_: Round) -> Report | None:
    """The round's report with something in it; None where there is none."""
    found = reports.find_latest_report(session(), round_id=round_.id)
    return None if found is None or found.document["is_withheld"] else found


def _view(round_: Round, found: Report) -> ReportView:
    """As edited."""
    return present(found, reports.list_edits(session(), round_id=round_.id))


def _matches(series_id: int, earlier: Report, later: Report) -> list[tuple[int, int]] | None:
    """The themes of these two reports that are the same, by number; None where the job has not matched them."""
    convergence = tracking.find_convergence(session(), series_id=series_id)
    matched = (convergence.document.get("themes") if convergence else None) or []
    entry = next(
        (each for each in matched if (each["from"], each["to"]) == (earlier.input_hash, later.input_hash)),
        None,
    )
    if entry is None or entry["matches"] is None:
        return None
    return [(match["before"] + 1, match["after"] + 1) for match in entry["matches"]]


def _cuts(round_: Round, report: ReportView) -> dict[str, Cut]:
    """By function and by level, as the directory said at the launch; answers that were not read are in no group."""
    people = {person.id: person for person in round_.participants}
    answers = list_labelled_answers(session(), round_=round_)
    authors = {
        voice.number: people[answer.participant_id]
        for voice, answer in zip(report.voices, answers, strict=False)
        if voice.reading != "not read" and answer.participant_id in people
    }
    return make_cuts(
        {
            "function": {number: person.function for number, person in authors.items()},
            "level": {number: person.level for number, person in authors.items()},
        },
        minimum=round_.min_answers,
    )
