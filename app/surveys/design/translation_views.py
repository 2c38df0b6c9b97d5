"""The facilitator's page "Questions in Deutsch": the words of every question in one of the round's further languages."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import sign_in_required
from app.languages import LANGUAGES
from app.languages import gettext as _
from app.surveys.design import queries, services
from app.surveys.design.exchange import MAX_PROMPT
from app.surveys.kinds import MAX_DESCRIPTION, MAX_GUIDANCE, MAX_HINT, MAX_LABEL
from app.surveys.models import Question, RoundState
from app.surveys.owned import owned_round
from app.surveys.services import WrongState
from app.surveys.translations import LONG_PLACES, languages_of, outdated, translated, words_of
from app.surveys.wording import number
from app.texts import clean_line, clean_text
from app.web import NotHere, session

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Field:
    """One text to translate. is_outdated: the original says something else since these words were written."""

    name: str
    original: str
    words: str
    rows: int
    is_locked: bool
    is_outdated: bool
    problem: str = ""


@sign_in_required
def translations(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    if round_.state != RoundState.DRAFT:
        raise WrongState
    further = languages_of(round_)[1:]
    if not further:
        flash(_("This round is asked in one language. Choose another one beside it first."), "info")
        return redirect(url_for("surveys.edit_round", round_id=round_id))
    language = request.args.get("language", further[0])
    if language not in further:
        raise NotHere
    asked = queries.map_trend_languages(session(), round_=round_)
    rows = [
        (question, _fields(question, language, is_asked=language in asked.get(question.key, set())))
        for question in round_.questions
    ]
    if request.method == "POST" and not any(field.problem for _question, fields in rows for field in fields):
        words = {
            question.id: {place: request.form.get(_name(question, place), "") for place in words_of(question)}
            for question in round_.questions
        }
        cleaned = {
            id_: {place: _clean(place, text) for place, text in said.items()} for id_, said in words.items()
        }
        services.translate_questions(session(), round_=round_, language=language, words=cleaned)
        flash(_("The words in %(language)s are kept.", language=LANGUAGES[language]), "success")
        return redirect(url_for("surveys.show", round_id=round_id))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    page = render_template(
        "design/translations.html",
        round=round_,
        rows=rows,
        problems=[field for _question, fields in rows for field in fields if field.problem],
        into=language,
        into_name=LANGUAGES[language],
        main=languages_of(round_)[0],
        others=[(code, LANGUAGES[code]) for code in further if code != language],
    )
    return page, status


def _name(question: Question, place: str) -> str:
    return f"q{question.id}.{place}"


def _clean(place: str, typed: str) -> str:
    return clean_text(typed) if place in LONG_PLACES else clean_line(typed)


def _most(place: str) -> int:
    if place in ("prompt", "hint"):
        return MAX_PROMPT
    if place == "guidance":
        return MAX_GUIDANCE
    return {"hint": MAX_HINT, "description": MAX_DESCRIPTION}.get(place.rpartition(".")[2], MAX_LABEL)


def _fields(question: Question, language: str, *, is_asked: bool) -> list[Field]:
    there, old = translated(question, language), outdated(question, language)
    fields = []
    for place, original in words_of(question).items():
        name = _name(question, place)
        is_locked = question.is_trend and is_asked and place in there
        words = there.get(place, old.get(place, ""))
        problem = ""
        if request.method == "POST" and not is_locked:
            words = request.form.get(name, "")
            n, most = len(_clean(place, words)), _most(place)
            if n > most:
                problem = _(
                    "“%(original)s”: these words have %(n)s characters; up to %(most)s are possible.",
                    original=services.shown(original),
                    n=number(n),
                    most=number(most),
                )
        fields.append(
            Field(
                name=name,
                original=original,
                words=words,
                rows=2 if len(original) > 60 else 1,
                is_locked=is_locked,
                is_outdated=place in old and place not in there,
                problem=problem,
            )
        )
    return fields
