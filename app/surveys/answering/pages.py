"""What the pages of an answer share: who answers, what a page says, where it leads, why it cannot go on."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db import utc_now
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages.views import narrow
from app.surveys.answering import pace, queries, respondents, services, values
from app.surveys.answering.afterwards import find_next_step
from app.surveys.answering.forms import ScreenForm
from app.surveys.answering.giveaways import Giveaway, find_giveaways
from app.surveys.answering.queries import Desk, Respondent
from app.surveys.answering.values import Line, Typed, ValueRefused
from app.surveys.confidentiality import UNTIL_THE_CLOSE, promise_of
from app.surveys.models import Confidentiality, Question, Round, RoundLayout
from app.surveys.translations import in_spoken_language, languages_of
from app.surveys.wording import closing_words
from app.texts import clean_text
from app.web import session

Answered = str | tuple[str, int] | AnyResponse

REASONS: dict[type[Exception], str] = {
    services.RoundNotOpen: "closed",
    services.RecordedElsewhere: "elsewhere",
    services.LinkRevoked: "unknown",
}


def respondent_of(round_id: int) -> Respondent | None:
    entry = respondents.recall(round_id)
    if entry is None:
        return None
    respondent = queries.find_respondent(session(), entry=entry, now=utc_now())
    if respondent is not None:
        narrow(languages_of(respondent.round))
    return respondent


def typed_by_position(round_: Round) -> dict[int, Typed]:
    """What was sent from a page with several questions on it."""
    return {
        each.position: values.typed_in(each, request.form, f"answer-{each.position}")
        for each in round_.questions
    }


def worth_keeping(typed: dict[int, Typed], asked: set[int]) -> dict[int, Typed]:
    """The fields of the questions that are asked, and of the others what somebody had typed."""
    return {at: each for at, each in typed.items() if at in asked or not values.is_nothing(each)}


def try_to(keep: Callable[[], None]) -> str | None:
    """Do it, or say why it cannot be done."""
    try:
        keep()
    except tuple(REASONS) as refused:
        return REASONS[type(refused)]
    return None


# --- The pages -----------------------------------------------------------------------------------------------------


def question_page(
    respondent: Respondent, desk: Desk, asked: Question, typed: Typed, refused: ValueRefused | None = None
) -> Answered:
    weighed = desk.weighed(respondent.round.questions)
    questions = weighed.asked if asked in weighed.asked else [asked]
    place = questions.index(asked)
    is_new = not desk.is_recorded and values.is_nothing(desk.drafts.get(asked.id, {}))
    page = render_template(
        "answering/question.html",
        form=_screen_form(),
        question=asked,
        typed=typed,
        refused=refused,
        desk=desk,
        place=place + 1,
        n_asked=len(questions),
        is_last=place + 1 == len(questions),
        previous=questions[place - 1] if place else None,
        time_left=values.time_left(values.seconds_for(questions[place:], paces_of(respondent.round))),
        is_from_review=bool(on_the_way()),
        draft_key=_draft_key(respondent, str(asked.id)),
        draft_version=version_of({asked.position: desk.typed(asked)}),
        seed=_seed(respondent, asked),
        # Only the first look at an empty question tells how long it takes.
        seen=request.form.get("seen", int(time.time())) if is_new else None,
        **words(respondent.round),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


def all_questions_page(
    respondent: Respondent, desk: Desk, typed: dict[int, Typed], *, is_refused: bool = False
) -> Answered:
    questions = respondent.round.questions
    weighed = values.weigh(questions, typed)
    page = render_template(
        "answering/all_questions.html",
        form=_screen_form(),
        typed=typed,
        asked=weighed.asked,
        problems=weighed.problems if is_refused else {},
        desk=desk,
        minutes=values.minutes_for(weighed.asked, paces_of(respondent.round)),
        draft_key=_draft_key(respondent, "all"),
        draft_version=version_of({each.position: desk.typed(each) for each in questions}),
        seeds={each.position: _seed(respondent, each) for each in questions},
        **words(respondent.round),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK


def review_page(
    respondent: Respondent, desk: Desk, typed: dict[int, Typed], *, is_outdated: bool = False
) -> str:
    round_ = respondent.round
    weighed = values.weigh(round_.questions, typed)
    rows: list[dict[str, Any]] = []
    fields: dict[str, str] = {"recorded": desk.mark}
    for each in weighed.asked:
        value, here = weighed.values.get(each.id), typed.get(each.position, {})
        rows.append(
            {
                "question": in_spoken_language(each),
                "place": len(rows) + 1,
                "lines": values.kind_of(each).read(in_spoken_language(each), value)
                if value is not None
                else [],
                "typed": values.words_of(each, here),
                "problem": weighed.problems.get(each.position),
                "giveaways": _giveaways(respondent, each, here),
                "change": _change_url(round_, each),
            }
        )
        name = f"answer-{each.position}"
        fields |= {values.field_name(name, part): text for part, text in here.items() if text}
    return render_template(
        "answering/review.html",
        participant=respondent.participant,
        rows=rows,
        fields=fields,
        has_problems=any(row["problem"] for row in rows),
        has_giveaways=any(row["giveaways"] for row in rows),
        is_outdated=is_outdated,
        # Not to the review itself, whichever question was changed last.
        back_url=rows[-1]["change"].partition("?")[0] if rows else first_url(round_),
        desk=desk,
        **words(round_),
    )


def _giveaways(respondent: Respondent, asked: Question, typed: Typed) -> list[Giveaway]:
    """Where answers are read without names: the words that tell whose this one is."""
    is_named = respondent.round.confidentiality == Confidentiality.NAMED
    if is_named or not values.kind_of(asked).has_words:
        return []
    person = respondent.participant
    return [
        found for text in typed.values() for found in find_giveaways(text, name=person.name, role=person.role)
    ]


# After a colon, behind the words that they are about.
_GIVEAWAYS = {
    "This is your name.": _l("this is your name."),
    "This is your role.": _l("this is your role."),
    "This names your role.": _l("this names your role."),
    "This says what you lead.": _l("this says what you lead."),
    "This says which part of the company is yours.": _l("this says which part of the company is yours."),
    "This says where in the company you work.": _l("this says where in the company you work."),
    "This says from which place you look.": _l("this says from which place you look."),
    "This says something of your own time here.": _l("this says something of your own time here."),
}


def giveaway_words(found: Giveaway) -> str:
    return str(_GIVEAWAYS[found.says])


def stopped(reason: str, respondent: Respondent | None = None) -> tuple[str, int]:
    """Why it cannot go on; on a form, with everything that was typed, so that it can be copied."""
    kept = [
        texts[0]
        for name, texts in request.form.lists()
        # Not the items of a ranking, nor the steps that were ticked: nobody has typed them.
        if name.startswith("answer") and len(texts) == 1 and len(texts[0].strip()) > 1
    ]
    status = HTTPStatus.NOT_FOUND if reason == "unknown" else HTTPStatus.CONFLICT
    round_ = respondent.round if respondent is not None and reason != "unknown" else None
    said = words(round_) if round_ is not None else {}
    return render_template("answering/stopped.html", reason=reason, kept_texts=kept, **said), status


# --- What they say -------------------------------------------------------------------------------------------------


def words(round_: Round) -> dict[str, Any]:
    """What every page of a round says: who asks, when it closes, who will see what."""
    # Closed by hand, it closed before the time that was announced.
    closes_at = min(filter(None, (round_.closed_at, round_.closes_at)), default=None)
    return {
        "round": round_,
        "asker": round_.asker,
        "organisation": queries.get_organisation_name(session(), round_=round_),
        "closes_at": closes_at.astimezone(ZoneInfo(round_.time_zone)) if closes_at else None,
        "is_open": round_.is_open(utc_now()),
        "promise": promise_of(round_),
        "until_the_close": str(UNTIL_THE_CLOSE),
        "next_step": find_next_step(session(), round_=round_, now=utc_now()),
        "now": utc_now(),
    }


def closing(round_: Round) -> str:
    if round_.closes_at is None:
        return _("This round has no closing time yet.")
    return _(
        "This round %(closes)s.", closes=closing_words(round_.closes_at, zone=round_.time_zone, now=utc_now())
    )


def read(round_: Round, desk: Desk) -> list[tuple[Question, list[Line] | None]]:
    """Each question that was asked, with the recorded answer in words; None where it was left out."""
    return [
        (
            shown := in_spoken_language(each),
            values.kind_of(each).read(shown, desk.submitted[each.id]) if each.id in desk.submitted else None,
        )
        for each in values.answered_questions(round_.questions, desk.submitted)
    ]


def paces_of(round_: Round) -> dict[str, float]:
    return pace.paces_of(session(), organisation_id=round_.series.organisation_id)


def seconds_on_page() -> int | None:
    """How long ago the page was made, where it said so."""
    seen = request.form.get("seen", "")
    return int(time.time()) - int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 12 else None


def _screen_form() -> ScreenForm:
    return ScreenForm(formdata=None, data={"shared": respondents.is_shared()})


def _draft_key(respondent: Respondent, about: str) -> str:
    """Under which name the browser keeps its own copy until ours is saved: another for each person and question."""
    return hashlib.sha256(f"{respondent.browser} {about}".encode()).hexdigest()[:16]


def version_of(typed: Mapping[int, Typed]) -> str:
    """What the server holds of these questions, as a hash, so that a browser sees that another has written since."""
    kept = {
        at: {part: text for part, written in sorted(each.items()) if (text := clean_text(written))}
        for at, each in sorted(typed.items())
    }
    filled = {at: each for at, each in kept.items() if each}
    return hashlib.sha256(json.dumps(list(filled.items())).encode()).hexdigest()[:16]


def _seed(respondent: Respondent, asked: Question) -> str:
    """In which order this browser is shown the items of a ranking."""
    return f"{respondent.browser} {asked.id}"


# --- Where they lead -------------------------------------------------------------------------------------------------


def on_the_way() -> dict[str, str]:
    """Whether a question is changed from the review, which is then where it leads back to."""
    return {"from": "review"} if request.args.get("from") == "review" else {}


def following(respondent: Respondent, desk: Desk, asked: Question, typed: Typed) -> Question | None:
    """The question that comes next, now that this one is answered so; None before the review."""
    questions = _asked_with(respondent, desk, asked, typed)
    later = [each for each in questions if each.position > asked.position]
    return later[0] if later else None


def neighbour(
    respondent: Respondent, desk: Desk, asked: Question, typed: Typed, *, is_going_back: bool = False
) -> AnyResponse:
    round_id = respondent.round.id
    if on_the_way():
        return redirect_to("review", round_id)
    if is_going_back:
        earlier = [
            each for each in _asked_with(respondent, desk, asked, typed) if each.position < asked.position
        ]
        return redirect_to("question", round_id, position=(earlier[-1] if earlier else asked).position)
    following_ = following(respondent, desk, asked, typed)
    if following_ is None:
        return redirect_to("review", round_id)
    return redirect_to("question", round_id, position=following_.position)


def _asked_with(respondent: Respondent, desk: Desk, asked: Question, typed: Typed) -> list[Question]:
    questions = respondent.round.questions
    all_typed = {each.position: desk.typed(each) for each in questions} | {asked.position: typed}
    return values.weigh(questions, all_typed).asked


def _change_url(round_: Round, asked: Question) -> str:
    if round_.layout == RoundLayout.ONE_PAGE:
        return url_for("answering.all_questions", round_id=round_.id, _anchor=f"question-{asked.position}")
    options: dict[str, Any] = {"from": "review"}
    return url_for("answering.question", round_id=round_.id, position=asked.position, **options)


def first_url(round_: Round) -> str:
    """Where somebody begins to change what they sent."""
    if round_.layout == RoundLayout.ONE_PAGE or not round_.questions:
        return url_for("answering.all_questions", round_id=round_.id)
    return url_for("answering.question", round_id=round_.id, position=round_.questions[0].position)


def redirect_to(endpoint: str, round_id: int, **options: Any) -> AnyResponse:
    return redirect(url_for(f"answering.{endpoint}", round_id=round_id, **options), HTTPStatus.SEE_OTHER)
