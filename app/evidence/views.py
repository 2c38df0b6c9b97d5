from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.evidence import queries, services
from app.evidence.answers import list_labelled_answers
from app.evidence.forms import CorrectionForm, StartForm
from app.evidence.models import EchoCheck, Verdict
from app.evidence.reading import MAX_OTHERS, reading_list, takes_words, time_left
from app.languages import gettext as _
from app.languages.views import narrow
from app.surveys.answering import queries as answering
from app.surveys.answering import respondents
from app.surveys.answering.afterwards import NextStep
from app.surveys.answering.queries import Respondent
from app.surveys.models import Confidentiality, Participant, ParticipantState, Round, Sheet
from app.surveys.owned import owned_round
from app.surveys.translations import languages_of
from app.surveys.wording import moment_words
from app.web import NotHere, session

blueprint = Blueprint("evidence", __name__)

Answer = str | Response | tuple[str, int]


# --- The facilitator: start, watch and end the echo check -----------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/echo-check", methods=["GET", "POST"])
@sign_in_required
def echo_check(round_id: int) -> Answer:
    """Before it: what it is, and the form to start it. Then: how many took part, never who or how."""
    round_ = owned_round(round_id)
    now = utc_now()
    check = queries.find_echo_check(session(), round_id=round_id)
    if check is not None:
        return _watching_page(round_, check, now)
    try:
        answers = services.list_answers_to_check(session(), round_=round_, now=now)
    except services.EchoCheckRefused as refused:
        return render_template("evidence/echo_check_refused.html", round=round_, reason=str(refused))
    form = StartForm()
    form.offer_days(zone=round_.time_zone, now=now, is_possible=lambda end: answering.is_alive(round_, end))
    if form.validate_on_submit():
        try:
            services.start_echo_check(session(), round_=round_, closes_at=form.closes_at, now=now)
        except services.EchoCheckRefused as refused:
            flash(str(refused), "warning")
        else:
            flash(_("The echo check is open. Now tell those who answered."), "success")
        return redirect(url_for("evidence.echo_check", round_id=round_id))
    page = render_template(
        "evidence/start_echo_check.html",
        round=round_,
        form=form,
        n_answers=len(answers),
        n_read=min(len(answers) - 1, MAX_OTHERS),
        min_voters=services.MIN_VOTERS,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _watching_page(round_: Round, check: EchoCheck, now: datetime) -> str:
    return render_template(
        "evidence/watch_echo_check.html",
        round=round_,
        is_open=check.is_open(now),
        closes_at=_there(check.closes_at, round_),
        ended_at=_there(check.ended_at or check.closes_at, round_),
        closes_words=moment_words(check.closes_at, zone=round_.time_zone, now=now),
        n_voters=queries.count_voters(session(), round_id=round_.id),
        n_may_vote=len(queries.list_echo_sheets(session(), round_id=round_.id)),
        min_voters=services.MIN_VOTERS,
        now=now,
    )


@blueprint.route("/rounds/<int:round_id>/echo-check/end", methods=["GET", "POST"])
@sign_in_required
def end_echo_check(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    check = queries.find_echo_check(session(), round_id=round_id)
    if check is None:
        raise NotHere
    if request.method == "POST":
        services.end_echo_check(session(), round_id=round_id, now=utc_now())
        flash(_("The echo check has ended. The report is being built anew with the votes."), "success")
        return redirect(url_for("evidence.echo_check", round_id=round_id))
    if check.ended_at is not None:
        return redirect(url_for("evidence.echo_check", round_id=round_id))
    return render_template(
        "evidence/end_echo_check.html",
        round=round_,
        closes_at=_there(check.closes_at, round_),
        n_voters=queries.count_voters(session(), round_id=round_id),
        n_may_vote=len(queries.list_echo_sheets(session(), round_id=round_id)),
        min_voters=services.MIN_VOTERS,
        now=utc_now(),
    )


# --- The facilitator: corrections -------------------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/corrections", methods=["GET", "POST"])
@sign_in_required
def corrections(round_id: int) -> Answer:
    """The log of corrections, and the form for one more."""
    round_ = owned_round(round_id)
    correctable = services.list_correctable_answers(session(), round_=round_)
    if len(correctable) < 2:
        flash(_("There are no two answers on the report that could be corrected."), "info")
        return redirect(url_for("surveys.show", round_id=round_id))
    everybody = list_labelled_answers(session(), round_=round_)
    numbers = [everybody.index(answer) for answer in correctable]
    form = CorrectionForm(
        data={"first": request.args.get("first", ""), "second": request.args.get("second", "")}
    )
    form.offer_answers(correctable, numbers=numbers)
    if form.validate_on_submit():
        try:
            services.correct_pair(
                session(),
                round_=round_,
                first_id=everybody[int(form.first.data)].sheet_id,
                second_id=everybody[int(form.second.data)].sheet_id,
                verdict=Verdict(form.verdict.data),
                reason=form.reason.data,
                account=current_account(),
                now=utc_now(),
            )
        except services.CorrectionRefused as refused:
            form.second.errors = [*form.second.errors, str(refused)]
        else:
            flash(_("The correction is written down. The report is being built anew with it."), "success")
            return redirect(url_for("evidence.corrections", round_id=round_id))
    by_sheet = {answer.sheet_id: answer for answer in everybody}
    page = render_template(
        "evidence/corrections.html",
        round=round_,
        form=form,
        answers=correctable,
        log=[
            {
                "correction": row,
                "first": by_sheet[row.first_id],
                "second": by_sheet[row.second_id],
                "made_at": _there(row.made_at, round_),
                "withdrawn_at": _there(row.withdrawn_at, round_) if row.withdrawn_at else None,
            }
            for row in queries.list_corrections(session(), round_id=round_id)
        ],
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@blueprint.post("/rounds/<int:round_id>/corrections/<int:correction_id>/withdraw")
@sign_in_required
def withdraw_correction(round_id: int, correction_id: int) -> Response:
    owned_round(round_id)
    correction = queries.find_correction(session(), round_id=round_id, correction_id=correction_id)
    if correction is None:
        raise NotHere
    services.withdraw_correction(session(), correction=correction, account=current_account(), now=utc_now())
    flash(_("The correction is withdrawn; it stays in the log. The report is being built anew."), "success")
    return redirect(url_for("evidence.corrections", round_id=round_id))


# --- The executive: read the others, one after the other --------------------------------------------------------------


@blueprint.get("/answer/<int:round_id>/echo")
def begin(round_id: int) -> Answer:
    """What this is and who sees what; for whoever has begun, the next answer."""
    voter, stopped = _voter(round_id)
    if voter is None:
        return stopped
    if voter.votes:
        return redirect(_where_to_go_on(voter, after=0), HTTPStatus.SEE_OTHER)
    return _voter_page(voter, "evidence/begin.html")


@blueprint.route("/answer/<int:round_id>/echo/<int:number>", methods=["GET", "POST"])
def read(round_id: int, number: int) -> Answer:
    """One answer, with one's own above it and four buttons below."""
    voter, stopped = _voter(round_id)
    if voter is None:
        return stopped
    if not 1 <= number <= len(voter.others):
        raise NotHere
    sheet_id = voter.others[number - 1]
    if request.method == "POST":
        said = request.form.get("verdict")
        if said in list(Verdict):
            try:
                services.cast_vote(
                    session(),
                    round_id=round_id,
                    voter_id=voter.sheet_id,
                    sheet_id=sheet_id,
                    verdict=Verdict(said),
                    now=utc_now(),
                )
            except services.EchoCheckEnded:
                return _over(voter.respondent, HTTPStatus.CONFLICT)
            voter.votes[sheet_id] = said
            return redirect(_where_to_go_on(voter, after=number), HTTPStatus.SEE_OTHER)
    n_left = len([one for one in voter.others if one not in voter.votes])
    page = _voter_page(
        voter,
        "evidence/read.html",
        number=number,
        text=queries.get_text(session(), round_id=round_id, sheet_id=sheet_id),
        said=voter.votes.get(sheet_id),
        time_left=time_left(n_left) if n_left else _("all said"),
    )
    # A form without one of the four buttons says nothing; the page is shown again.
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


@blueprint.get("/answer/<int:round_id>/echo/done")
def done(round_id: int) -> Answer:
    """Everything that this voter said, to be looked over and changed until the end."""
    voter, stopped = _voter(round_id)
    if voter is None:
        return stopped
    return _voter_page(
        voter,
        "evidence/done.html",
        said=[
            (
                number,
                queries.get_text(session(), round_id=round_id, sheet_id=sheet_id),
                voter.votes.get(sheet_id),
            )
            for number, sheet_id in enumerate(voter.others, start=1)
        ],
    )


def offer_echo_check(opened: Session, round_: Round, now: datetime) -> NextStep | None:
    """For the page behind a personal link: an open echo check comes before everything else."""
    check = queries.find_echo_check(opened, round_id=round_.id)
    if check is None or not check.is_open(now):
        return None
    ends = moment_words(check.closes_at, zone=round_.time_zone, now=now)
    return NextStep(
        title=_("The echo check is open"),
        words=_(
            "Read the others' answers, without names, and say which ones state the same strategy as yours. It takes "
            "two minutes at most, and is open until %(ends)s.",
            ends=ends,
        ),
        label=_("Go on to the echo check"),
        url=url_for("evidence.begin", round_id=round_.id),
    )


# --- Steps that the executive's views share ---------------------------------------------------------------------------


class Voter:
    """Somebody who may vote in an open echo check, in this browser."""

    def __init__(self, respondent: Respondent, check: EchoCheck, sheet: Sheet) -> None:
        self.respondent = respondent
        self.round = respondent.round
        self.check = check
        self.sheet_id = sheet.id
        # A link alone never shows an answer that was sent: only the browser that sent it is shown it again.
        self.is_own_browser = sheet.id == respondent.browser
        everybody = queries.list_echo_sheets(session(), round_id=self.round.id)
        self.is_sample = len(everybody) - 1 > MAX_OTHERS
        self.n_others = len(everybody) - 1
        self.others = reading_list(sheet.id, everybody)
        self.votes = queries.map_own_votes(session(), round_id=self.round.id, voter_id=sheet.id)


def _voter(round_id: int) -> tuple[Voter | None, Answer]:
    """Who votes here, or the page that says why nobody does."""
    now = utc_now()
    entry = respondents.recall(round_id)
    respondent = answering.find_respondent(session(), entry=entry, now=now) if entry is not None else None
    if respondent is None:
        page = render_template("answering/stopped.html", reason="unknown", kept_texts=[])
        return None, (page, HTTPStatus.NOT_FOUND)
    narrow(languages_of(respondent.round))
    check = queries.find_echo_check(session(), round_id=round_id)
    if check is None:
        return None, redirect(url_for("answering.resume", round_id=round_id), HTTPStatus.SEE_OTHER)
    if not check.is_open(now):
        return None, _over(respondent)
    sheet = answering.find_sheet(session(), respondent=respondent)
    if sheet is None or not sheet.is_submitted:
        return None, _page(
            respondent, "evidence/cannot_vote.html", reason=_why_not(respondent.participant, respondent.round)
        )
    if sheet.id not in queries.list_echo_sheets(session(), round_id=round_id):
        return None, _page(respondent, "evidence/cannot_vote.html", reason="not read")
    return Voter(respondent, check, sheet), ""


def _why_not(participant: Participant, round_: Round) -> str:
    was_sent = participant.state == ParticipantState.SUBMITTED
    return "elsewhere" if was_sent and round_.confidentiality == Confidentiality.UNATTRIBUTED else "no answer"


def _where_to_go_on(voter: Voter, *, after: int) -> str:
    """The next answer that nothing was said of, or the page with all of them."""
    n = len(voter.others)
    for number in [*range(after + 1, n + 1), *range(1, after + 1)]:
        if voter.others[number - 1] not in voter.votes:
            return url_for("evidence.read", round_id=voter.round.id, number=number)
    return url_for("evidence.done", round_id=voter.round.id)


def _over(respondent: Respondent, status: int = HTTPStatus.OK) -> tuple[str, int]:
    return _page(respondent, "evidence/over.html"), status


def _voter_page(voter: Voter, template: str, **words: Any) -> str:
    own = queries.get_text(session(), round_id=voter.round.id, sheet_id=voter.sheet_id)
    return _page(
        voter.respondent,
        template,
        voter=voter,
        own_text=own if voter.is_own_browser else None,
        n=len(voter.others),
        takes=takes_words(len(voter.others)),
        closes_at=_there(voter.check.closes_at, voter.round),
        min_voters=services.MIN_VOTERS,
        **words,
    )


def _page(respondent: Respondent, template: str, **words: Any) -> str:
    return render_template(
        template,
        round=respondent.round,
        participant=respondent.participant,
        organisation=answering.get_organisation_name(session(), round_=respondent.round),
        now=utc_now(),
        **words,
    )


def _there(at: datetime, round_: Round) -> datetime:
    """On the clocks of the round's zone."""
    return at.astimezone(ZoneInfo(round_.time_zone))
