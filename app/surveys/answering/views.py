from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask_limiter.util import get_remote_address
from limits import parse as parse_limit
from werkzeug.wrappers import Response as AnyResponse

from app.db import utc_now
from app.surveys.answering import queries, respondents, services, values
from app.surveys.answering.afterwards import find_next_step
from app.surveys.answering.forms import answer_form
from app.surveys.answering.queries import Desk, Respondent
from app.surveys.confidentiality import UNTIL_THE_CLOSE, promise
from app.surveys.models import Question, Round, RoundState
from app.surveys.queries import find_invitation
from app.surveys.wording import closing_words
from app.web import NotHere, limiter, session

blueprint = Blueprint("answering", __name__)

# Counted for unknown links alone, so that nobody's guessing keeps a colleague behind the same address out.
UNKNOWN_LINKS = parse_limit("30 per 5 minutes")

Answered = str | tuple[str, int] | AnyResponse


# --- The personal link -----------------------------------------------------------------------------------------


@blueprint.route("/r/<token>", methods=["GET", "POST"])
def begin(token: str) -> Answered:
    """The page behind a personal link. Opening it changes nothing; Begin changes this browser's cookie, no row."""
    now = utc_now()
    invitation = find_invitation(session(), token=token)
    if invitation is None or not queries.is_alive(invitation.participant.round, now):
        if not limiter.limiter.hit(UNKNOWN_LINKS, "unknown-link", get_remote_address()):
            abort(HTTPStatus.TOO_MANY_REQUESTS)
        return render_template("answering/unknown_link.html"), HTTPStatus.NOT_FOUND
    round_ = invitation.participant.round
    known = respondents.recall(round_.id)
    is_same_person = known is not None and (
        queries.find_participant_id(session(), link=known.link) == invitation.participant_id
    )
    if request.method == "POST" and round_.state != RoundState.DRAFT:
        secret = known.secret if known is not None and is_same_person else None
        respondents.remember(round_id=round_.id, link=invitation.token_hash, secret=secret)
        return _redirect("resume", round_.id)
    return render_template(
        "answering/begin.html",
        participant=invitation.participant,
        is_begun=is_same_person,
        is_somebody_elses=known is not None and not is_same_person,
        minutes=values.minutes_for(round_.questions),
        n_people=queries.count_participants(session(), round_id=round_.id),
        **_words(round_),
    )


# --- The pages of an answer, without the token in their address --------------------------------------------------


@blueprint.get("/answer/<int:round_id>")
def resume(round_id: int) -> Answered:
    """Where to go on: the first question without a draft, the review, the recorded answer, or what comes after."""
    respondent = _respondent(round_id)
    if respondent is None:
        return _stopped("unknown")
    step = find_next_step(session(), round_=respondent.round, now=utc_now())
    if step is not None:
        return redirect(step.url, HTTPStatus.SEE_OTHER)
    desk = queries.get_desk(session(), respondent=respondent)
    if desk.is_recorded or not respondent.accepts_answers(utc_now()):
        return _redirect("done", round_id)
    for question in respondent.round.questions:
        if question.id not in desk.drafts:
            return _redirect("question", round_id, position=question.position)
    return _redirect("review", round_id)


@blueprint.route("/answer/<int:round_id>/<int:position>", methods=["GET", "POST"])
def question(round_id: int, position: int) -> Answered:
    respondent = _respondent(round_id)
    if respondent is None:
        return _stopped("unknown")
    asked = _question(respondent, position)
    desk = queries.get_desk(session(), respondent=respondent)
    if request.method == "GET" and (desk.is_final or not respondent.accepts_answers(utc_now())):
        return _redirect("done", round_id)
    form = answer_form(asked, typed=_typed(desk, asked), is_shared=respondents.is_shared())
    if request.method == "POST":
        respondents.set_shared(bool(form.shared.data))
        is_going_back = request.form.get("go") == "back"
        if is_going_back or form.validate():
            stopped = _save(respondent, asked, form.answer.data or "")
            return stopped or _neighbour(respondent, asked, is_going_back=is_going_back)
        # A refused text is not saved, so say first whether another one could be.
        if not respondent.accepts_answers(utc_now()):
            return _stopped("closed", respondent)
    page = render_template(
        "answering/question.html",
        form=form,
        question=asked,
        desk=desk,
        is_from_review=_is_from_review(),
        draft_key=_draft_key(respondent, asked),
        **_words(respondent.round),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@blueprint.post("/answer/<int:round_id>/<int:position>/draft")
@limiter.limit("120 per minute", key_func=lambda: _limit_key())
def draft(round_id: int, position: int) -> tuple[Response, int]:
    """Save while typing: whatever stands there, finished or not."""
    respondent = _respondent(round_id)
    if respondent is None:
        return jsonify(error="unknown"), HTTPStatus.NOT_FOUND
    asked = _question(respondent, position)
    respondents.set_shared("shared" in request.form)
    reason = _try_to_save(respondent, asked, request.form.get("answer", ""))
    if reason is not None:
        return jsonify(error=reason), HTTPStatus.CONFLICT
    return jsonify(saved_at=utc_now().isoformat()), HTTPStatus.OK


@blueprint.route("/answer/<int:round_id>/review", methods=["GET", "POST"])
def review(round_id: int) -> Answered:
    """What will be sent. The form carries the texts themselves: what is read here is what is recorded."""
    respondent = _respondent(round_id)
    if respondent is None:
        return _stopped("unknown")
    desk = queries.get_desk(session(), respondent=respondent)
    questions = respondent.round.questions
    if request.method == "POST":
        typed = {each.position: request.form.get(f"answer-{each.position}", "") for each in questions}
        try:
            services.submit(session(), respondent=respondent, typed=typed)
        except services.AnswersIncomplete:
            return _review_page(respondent, desk, typed), HTTPStatus.UNPROCESSABLE_ENTITY
        except (services.RoundNotOpen, services.RecordedElsewhere, services.LinkRevoked) as refused:
            return _stopped(REASONS[type(refused)], respondent)
        return _redirect("done", round_id)
    if desk.is_final or not respondent.accepts_answers(utc_now()):
        return _redirect("done", round_id)
    return _review_page(respondent, desk, {each.position: _typed(desk, each) for each in questions})


@blueprint.get("/answer/<int:round_id>/done")
def done(round_id: int) -> Answered:
    respondent = _respondent(round_id)
    if respondent is None:
        return _stopped("unknown")
    desk = queries.get_desk(session(), respondent=respondent)
    is_accepting = respondent.accepts_answers(utc_now())
    if not desk.is_recorded and is_accepting:
        return _redirect("resume", round_id)
    return render_template(
        "answering/done.html",
        participant=respondent.participant,
        desk=desk,
        is_accepting=is_accepting,
        has_changes=is_accepting and desk.is_own and _has_changes(respondent.round, desk),
        answers=_read(respondent.round, desk),
        **_words(respondent.round),
    )


@blueprint.get("/answer/<int:round_id>/copy")
def copy(round_id: int) -> AnyResponse:
    """The recorded answer as a text file to keep, for the browser that sent it."""
    respondent = _respondent(round_id)
    if respondent is None:
        raise NotHere
    desk = queries.get_desk(session(), respondent=respondent)
    if not desk.is_own:
        raise NotHere
    text = render_template(
        "answering/copy.txt",
        answers=_read(respondent.round, desk),
        closing=_closing(respondent.round),
        **_words(respondent.round),
    )
    return Response(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-answer.txt"'},
    )


@blueprint.post("/answer/<int:round_id>/forget")
def forget(round_id: int) -> AnyResponse:
    """For a shared computer: this browser forgets every round that it answers."""
    respondents.forget_all()
    response = redirect(url_for("answering.forgotten"))
    # A facilitator who looks at an executive's page in their own browser stays signed in.
    kinds = ["cache", "storage"] if "sign_in" in cookie else ["cache", "cookies", "storage"]
    response.headers["Clear-Site-Data"] = ", ".join(f'"{kind}"' for kind in kinds)
    return response


@blueprint.get("/answer/forgotten")
def forgotten() -> str:
    return render_template("answering/forgotten.html")


# --- Steps that the views share ----------------------------------------------------------------------------------

REASONS: dict[type[Exception], str] = {
    services.RoundNotOpen: "closed",
    services.RecordedElsewhere: "elsewhere",
    services.LinkRevoked: "unknown",
}


def _respondent(round_id: int) -> Respondent | None:
    entry = respondents.recall(round_id)
    if entry is None:
        return None
    return queries.find_respondent(session(), entry=entry, now=utc_now())


def _limit_key() -> str:
    view = request.view_args or {}
    entry = respondents.recall(int(view.get("round_id", 0)))
    return entry.browser if entry else get_remote_address()


def _question(respondent: Respondent, position: int) -> Question:
    found = queries.find_question(respondent.round, position=position)
    if found is None:
        raise NotHere
    return found


def _typed(desk: Desk, asked: Question) -> str:
    """What stands in this question's field: the draft, or else what was sent."""
    if asked.id in desk.drafts:
        return desk.drafts[asked.id]
    value = desk.submitted.get(asked.id)
    return values.kind_of(asked).edit(value) if value is not None else ""


def _has_changes(round_: Round, desk: Desk) -> bool:
    sent = {
        each.id: values.kind_of(each).edit(desk.submitted[each.id])
        for each in round_.questions
        if each.id in desk.submitted
    }
    return desk.has_changes(sent)


def _read(round_: Round, desk: Desk) -> list[tuple[Question, str | None]]:
    """Each question with the recorded answer in words; None where it was left out."""
    return [
        (each, values.kind_of(each).read(desk.submitted[each.id]) if each.id in desk.submitted else None)
        for each in round_.questions
    ]


def _try_to_save(respondent: Respondent, asked: Question, typed: str) -> str | None:
    """Save the draft, or say why not."""
    try:
        services.save_draft(session(), respondent=respondent, question=asked, typed=typed)
    except (services.RoundNotOpen, services.RecordedElsewhere, services.LinkRevoked) as refused:
        return REASONS[type(refused)]
    return None


def _save(respondent: Respondent, asked: Question, typed: str) -> tuple[str, int] | None:
    reason = _try_to_save(respondent, asked, typed)
    return None if reason is None else _stopped(reason, respondent)


def _draft_key(respondent: Respondent, asked: Question) -> str:
    """Under which name the browser keeps its own copy until ours is saved: another for each person and question."""
    return hashlib.sha256(f"{respondent.browser} {asked.id}".encode()).hexdigest()[:16]


def _is_from_review() -> bool:
    return request.args.get("from") == "review"


def _neighbour(respondent: Respondent, asked: Question, *, is_going_back: bool) -> AnyResponse:
    positions = [each.position for each in respondent.round.questions]
    here = positions.index(asked.position)
    if _is_from_review():
        return _redirect("review", respondent.round.id)
    if is_going_back:
        return _redirect("question", respondent.round.id, position=positions[max(here - 1, 0)])
    if here + 1 == len(positions):
        return _redirect("review", respondent.round.id)
    return _redirect("question", respondent.round.id, position=positions[here + 1])


def _review_page(respondent: Respondent, desk: Desk, typed: dict[int, str]) -> str:
    rows: list[dict[str, Any]] = []
    for each in respondent.round.questions:
        row = {"question": each, "typed": typed[each.position], "words": None, "problem": None}
        try:
            value = values.parse(each, typed[each.position])
            row["words"] = values.kind_of(each).read(value) if value is not None else None
        except values.ValueRefused as refused:
            row["problem"] = str(refused)
        rows.append(row)
    return render_template(
        "answering/review.html",
        participant=respondent.participant,
        rows=rows,
        has_problems=any(row["problem"] for row in rows),
        desk=desk,
        has_changes=not desk.is_own or _has_changes(respondent.round, desk),
        **_words(respondent.round),
    )


def _stopped(reason: str, respondent: Respondent | None = None) -> tuple[str, int]:
    """Why it cannot go on; on a form, with everything that was typed, so that it can be copied."""
    kept = [
        text
        for name, texts in request.form.lists()
        if name.startswith("answer")
        for text in texts
        if text.strip()
    ]
    status = HTTPStatus.NOT_FOUND if reason == "unknown" else HTTPStatus.CONFLICT
    round_ = respondent.round if respondent is not None and reason != "unknown" else None
    words = _words(round_) if round_ is not None else {}
    return render_template("answering/stopped.html", reason=reason, kept_texts=kept, **words), status


def _words(round_: Round) -> dict[str, Any]:
    """What every page of a round says: who asks, when it closes, who will see what."""
    # Closed by hand, it closed before the time that was announced.
    closes_at = min(filter(None, (round_.closed_at, round_.closes_at)), default=None)
    return {
        "round": round_,
        "asker": round_.asker,
        "organisation": queries.get_organisation_name(session(), round_=round_),
        "closes_at": closes_at.astimezone(ZoneInfo(round_.time_zone)) if closes_at else None,
        "is_open": round_.is_open(utc_now()),
        "promise": promise(round_.confidentiality),
        "until_the_close": UNTIL_THE_CLOSE,
        "next_step": find_next_step(session(), round_=round_, now=utc_now()),
        "now": utc_now(),
    }


def _closing(round_: Round) -> str:
    assert round_.closes_at is not None
    return closing_words(round_.closes_at, zone=round_.time_zone, now=utc_now())


def _redirect(endpoint: str, round_id: int, **values_: Any) -> AnyResponse:
    return redirect(url_for(f"answering.{endpoint}", round_id=round_id, **values_), HTTPStatus.SEE_OTHER)
