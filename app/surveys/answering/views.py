from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask_limiter.util import get_remote_address
from limits import parse as parse_limit
from werkzeug.wrappers import Response as AnyResponse

from app.db import utc_now
from app.languages.views import narrow
from app.surveys.answering import pages, queries, respondents, services, values
from app.surveys.answering.afterwards import find_next_step
from app.surveys.answering.pages import Answered, redirect_to, respondent_of, stopped
from app.surveys.kinds import CONFIDENCE_STEPS, settings_of, step_words
from app.surveys.models import RoundLayout, RoundState
from app.surveys.queries import find_invitation
from app.surveys.translations import languages_of
from app.surveys.wording import DAYS, MONTHS, counted, number, number_word
from app.web import NotHere, limiter, session

blueprint = Blueprint("answering", __name__)
blueprint.add_app_template_global(settings_of)
blueprint.add_app_template_global(step_words)
blueprint.add_app_template_global(values.field_name)
blueprint.add_app_template_global(values.ranking_items)
blueprint.record_once(
    lambda state: state.app.jinja_env.globals.update(
        confidence_steps=CONFIDENCE_STEPS,
        counted=counted,
        giveaway_words=pages.giveaway_words,
        number_of=number,
        number_words=number_word,
        weekday_names=DAYS,
        month_names=MONTHS,
    )
)

# Counted for unknown links alone, so that nobody's guessing keeps a colleague behind the same address out.
UNKNOWN_LINKS = parse_limit("30 per 5 minutes")


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
    narrow(languages_of(round_))
    known = respondents.recall(round_.id)
    is_same_person = known is not None and (
        queries.find_participant_id(session(), link=known.link) == invitation.participant_id
    )
    if request.method == "POST" and round_.state != RoundState.DRAFT:
        secret = known.secret if known is not None and is_same_person else None
        respondents.remember(round_id=round_.id, link=invitation.token_hash, secret=secret)
        return redirect_to("resume", round_.id)
    return render_template(
        "answering/begin.html",
        participant=invitation.participant,
        is_begun=is_same_person,
        is_somebody_elses=known is not None and not is_same_person,
        minutes=values.minutes_for(round_.questions, pages.paces_of(round_)),
        n_people=queries.count_participants(session(), round_id=round_.id),
        **pages.words(round_),
    )


# --- The pages of an answer, without the token in their address --------------------------------------------------


@blueprint.get("/answer/<int:round_id>")
def resume(round_id: int) -> Answered:
    """Where to go on: the first question not yet done with, the review, the recorded answer, or what comes after."""
    respondent = respondent_of(round_id)
    if respondent is None:
        return stopped("unknown")
    step = find_next_step(session(), round_=respondent.round, now=utc_now())
    if step is not None:
        return redirect(step.url, HTTPStatus.SEE_OTHER)
    desk = queries.get_desk(session(), respondent=respondent)
    if desk.is_recorded or not respondent.accepts_answers(utc_now()):
        return redirect_to("done", round_id)
    asked = desk.weighed(respondent.round.questions).asked
    position = next((question.position for question in asked if question.id not in desk.left), None)
    if position is None:
        return redirect_to("review", round_id)
    if respondent.round.layout == RoundLayout.ONE_PAGE:
        return redirect_to("all_questions", round_id)
    return redirect_to("question", round_id, position=position)


@blueprint.route("/answer/<int:round_id>/<int:position>", methods=["GET", "POST"])
def question(round_id: int, position: int) -> Answered:
    respondent = respondent_of(round_id)
    if respondent is None:
        return stopped("unknown")
    asked = queries.find_question(respondent.round, position=position)
    if asked is None:
        raise NotHere
    desk = queries.get_desk(session(), respondent=respondent)
    if request.method == "GET":
        if desk.is_final or not respondent.accepts_answers(utc_now()):
            return redirect_to("done", round_id)
        if respondent.round.layout == RoundLayout.ONE_PAGE:
            return redirect_to("all_questions", round_id, _anchor=f"question-{position}")
        if asked not in desk.weighed(respondent.round.questions).asked:
            return redirect_to("resume", round_id)
        return pages.question_page(respondent, desk, asked, desk.typed(asked))
    respondents.set_shared("shared" in request.form)
    moved = values.move_in(asked, request.form, "answer")
    typed = moved or values.typed_in(asked, request.form, "answer")
    if moved or request.form.get("go") == "back":
        reason = pages.try_to(
            lambda: services.save_draft(session(), respondent=respondent, typed={position: typed})
        )
        if reason is not None:
            return stopped(reason, respondent)
        if moved:
            return redirect_to(
                "question", round_id, position=position, **pages.on_the_way(), _anchor="answer"
            )
        return pages.neighbour(respondent, desk, asked, typed, is_going_back=True)
    try:
        values.parse(asked, typed)
    except values.ValueRefused as refused:
        # A refused text is not saved, so say first whether another one could be.
        if not respondent.accepts_answers(utc_now()):
            return stopped("closed", respondent)
        return pages.question_page(respondent, desk, asked, typed, refused)
    following = pages.following(respondent, desk, asked, typed)
    reason = pages.try_to(
        lambda: services.go_on(
            session(),
            respondent=respondent,
            typed={position: typed},
            following=following,
            seconds=pages.seconds_on_page(),
        )
    )
    if reason is not None:
        return stopped(reason, respondent)
    return pages.neighbour(respondent, desk, asked, typed)


@blueprint.post("/answer/<int:round_id>/<int:position>/draft")
@limiter.limit("120 per minute", key_func=lambda: _limit_key())
def draft(round_id: int, position: int) -> tuple[Response, int]:
    """Save while typing: whatever stands there, finished or not."""
    respondent = respondent_of(round_id)
    if respondent is None:
        return jsonify(error="unknown"), HTTPStatus.NOT_FOUND
    asked = queries.find_question(respondent.round, position=position)
    if asked is None:
        raise NotHere
    respondents.set_shared("shared" in request.form)
    typed = {position: values.typed_in(asked, request.form, "answer")}
    reason = pages.try_to(lambda: services.save_draft(session(), respondent=respondent, typed=typed))
    if reason is not None:
        return jsonify(error=reason), HTTPStatus.CONFLICT
    return jsonify(saved_at=utc_now().isoformat(), version=pages.version_of(typed)), HTTPStatus.OK


@blueprint.route("/answer/<int:round_id>/all", methods=["GET", "POST"])
def all_questions(round_id: int) -> Answered:
    """Every question on one page, where the facilitator chose that. Next is the review."""
    respondent = respondent_of(round_id)
    if respondent is None:
        return stopped("unknown")
    desk = queries.get_desk(session(), respondent=respondent)
    questions = respondent.round.questions
    if request.method == "GET":
        if desk.is_final or not respondent.accepts_answers(utc_now()):
            return redirect_to("done", round_id)
        if respondent.round.layout != RoundLayout.ONE_PAGE:
            return redirect_to("resume", round_id)
        return pages.all_questions_page(
            respondent, desk, {each.position: desk.typed(each) for each in questions}
        )
    respondents.set_shared("shared" in request.form)
    moves = {
        each.position: values.move_in(each, request.form, f"answer-{each.position}") for each in questions
    }
    typed = pages.typed_by_position(respondent.round) | {at: move for at, move in moves.items() if move}
    moved = next((at for at, move in moves.items() if move), None)
    weighed = values.weigh(questions, typed)
    if moved is None and weighed.problems:
        if not respondent.accepts_answers(utc_now()):
            return stopped("closed", respondent)
        return pages.all_questions_page(respondent, desk, typed, is_refused=True)
    asked = {each.position for each in weighed.asked}

    def keep() -> None:
        services.save_draft(session(), respondent=respondent, typed=pages.worth_keeping(typed, asked))
        if moved is None:
            gone_on = {at: each for at, each in typed.items() if at in asked}
            services.go_on(session(), respondent=respondent, typed=gone_on)

    reason = pages.try_to(keep)
    if reason is not None:
        return stopped(reason, respondent)
    if moved:
        return redirect_to("all_questions", round_id, _anchor=f"question-{moved}")
    return redirect_to("review", round_id)


@blueprint.post("/answer/<int:round_id>/draft")
@limiter.limit("120 per minute", key_func=lambda: _limit_key())
def all_drafts(round_id: int) -> tuple[Response, int]:
    """The same as `draft` for a page with all questions; `asked` says which of them are asked now."""
    respondent = respondent_of(round_id)
    if respondent is None:
        return jsonify(error="unknown"), HTTPStatus.NOT_FOUND
    respondents.set_shared("shared" in request.form)
    typed = pages.typed_by_position(respondent.round)
    asked = [each.position for each in values.weigh(respondent.round.questions, typed).asked]
    kept = pages.worth_keeping(typed, set(asked))
    reason = pages.try_to(lambda: services.save_draft(session(), respondent=respondent, typed=kept))
    if reason is not None:
        return jsonify(error=reason), HTTPStatus.CONFLICT
    version = pages.version_of(typed)
    return jsonify(saved_at=utc_now().isoformat(), version=version, asked=asked), HTTPStatus.OK


@blueprint.route("/answer/<int:round_id>/review", methods=["GET", "POST"])
def review(round_id: int) -> Answered:
    """What will be sent. The form carries the texts themselves: what is read here is what is recorded."""
    respondent = respondent_of(round_id)
    if respondent is None:
        return stopped("unknown")
    desk = queries.get_desk(session(), respondent=respondent)
    questions = respondent.round.questions
    if request.method == "GET":
        if desk.is_final or not respondent.accepts_answers(utc_now()):
            return redirect_to("done", round_id)
        return pages.review_page(respondent, desk, {each.position: desk.typed(each) for each in questions})
    typed = pages.typed_by_position(respondent.round)
    mark = request.form.get("recorded")
    try:
        services.submit(session(), respondent=respondent, typed=typed, mark=mark)
    except services.AnswersIncomplete:
        return pages.review_page(respondent, desk, typed), HTTPStatus.UNPROCESSABLE_ENTITY
    except services.RecordedMeanwhile:
        return pages.review_page(respondent, desk, typed, is_outdated=True), HTTPStatus.CONFLICT
    except tuple(pages.REASONS) as refused:
        return stopped(pages.REASONS[type(refused)], respondent)
    return redirect_to("done", round_id)


@blueprint.get("/answer/<int:round_id>/done")
def done(round_id: int) -> Answered:
    respondent = respondent_of(round_id)
    if respondent is None:
        return stopped("unknown")
    desk = queries.get_desk(session(), respondent=respondent)
    is_accepting = respondent.accepts_answers(utc_now())
    if not desk.is_recorded and is_accepting:
        return redirect_to("resume", round_id)
    return render_template(
        "answering/done.html",
        participant=respondent.participant,
        desk=desk,
        is_accepting=is_accepting,
        has_changes=is_accepting and desk.is_own and desk.has_changes(respondent.round.questions),
        answers=pages.read(respondent.round, desk),
        first_url=pages.first_url(respondent.round),
        **pages.words(respondent.round),
    )


@blueprint.get("/answer/<int:round_id>/copy")
def copy(round_id: int) -> AnyResponse:
    """The recorded answer as a text file to keep, for the browser that sent it."""
    respondent = respondent_of(round_id)
    if respondent is None:
        raise NotHere
    desk = queries.get_desk(session(), respondent=respondent)
    if not desk.is_own:
        raise NotHere
    text = render_template(
        "answering/copy.txt",
        answers=pages.read(respondent.round, desk),
        closing=pages.closing(respondent.round),
        **pages.words(respondent.round),
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


def _limit_key() -> str:
    view = request.view_args or {}
    entry = respondents.recall(int(view.get("round_id", 0)))
    return entry.browser if entry else get_remote_address()
