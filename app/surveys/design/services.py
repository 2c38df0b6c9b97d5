from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.languages import gettext as _
from app.surveys.design import queries
from app.surveys.design.exchange import MAX_QUESTIONS, Survey, to_document
from app.surveys.design.library import Ready
from app.surveys.design.wording import digest_of
from app.surveys.kinds import checked_condition, checked_settings
from app.surveys.models import Question, QuestionKind, Round, RoundState, SurveyTemplate
from app.surveys.queries import lock_round
from app.surveys.services import WrongState
from app.surveys.strict import DataRefused
from app.surveys.testing import purge_tests
from app.surveys.translations import in_main_language, languages_of, put_into, translated, with_translation

MAX_TEMPLATES = 50
# Positions are unique in a round, so questions on the move stand behind all others for a moment.
_ASIDE = 1_000


class DesignRefused(Exception):
    """The round cannot be designed so; the message says why, and nothing was changed."""


class NameTaken(Exception):
    """The organisation has a template of this name."""


@dataclass(frozen=True)
class Draft:
    """What the facilitator writes down about one question; the kind and the key come with the question."""

    prompt: str
    hint: str
    is_required: bool
    is_trend: bool
    settings: dict[str, Any]
    condition: dict[str, Any] | None


def add_question(session: Session, *, round_: Round, kind: QuestionKind, draft: Draft) -> Question:
    """Put a new question behind the others."""
    _lock_draft(session, round_)
    # A key that stood for another question earlier in the series would make two rounds compare what differs.
    used = queries.list_keys(session, series_id=round_.series_id)
    question = _written(Question(key=free_key(f"own_{kind}", taken=used), kind=kind), draft)
    _append(session, round_, [question])
    return question


def add_ready_question(session: Session, *, round_: Round, ready: Ready) -> Question:
    """Put a copy of a question of the library behind the others."""
    _lock_draft(session, round_)
    (question,) = in_main_language([ready.question()], languages_of(round_)[0])
    _append(session, round_, [question])
    return question


def change_question(session: Session, *, round_: Round, question: Question, draft: Draft) -> None:
    """Rewrite a question. Raises DesignRefused where the quarters, or another question, need it as it is."""
    _lock_draft(session, round_)
    _must_be_there(round_, question)
    refuse_locked(session, round_=round_, question=question)
    before = digest_of([question])
    _written(question, draft)
    _check_conditions(round_.questions)
    if digest_of([question]) != before:
        question.is_previewed = False
        # What was answered in trying the draft out was an answer to the question as it was.
        purge_tests(session, round_=round_)
    session.flush()


def translate_questions(
    session: Session, *, round_: Round, language: str, words: Mapping[int, Mapping[str, str]]
) -> None:
    """Write down the words of the questions (by id) in one of the round's further languages.

    What an earlier round of the series has asked in this language stays as it was read. Raises DesignRefused.
    """
    _lock_draft(session, round_)
    if language not in languages_of(round_)[1:]:
        raise DesignRefused(
            _("The round is not asked in this language any more. Change its languages first, then translate.")
        )
    asked = queries.map_trend_languages(session, round_=round_)
    for question in round_.questions:
        said = words.get(question.id)
        if said is None:
            continue
        before = translated(question, language)
        is_locked = question.is_trend and language in asked.get(question.key, set())
        if is_locked:
            said = {**said, **before}
        question.translations = with_translation(question, language, said)
        if translated(question, language) != before:
            question.is_previewed = False
    session.flush()


def remove_question(session: Session, *, round_: Round, question: Question) -> None:
    _lock_draft(session, round_)
    _must_be_there(round_, question)
    refuse_locked(session, round_=round_, question=question)
    others = [other for other in round_.questions if other is not question]
    if not others:
        raise DesignRefused(
            _("This is the only question of the round. Add another one before you take it out.")
        )
    _check_conditions(others)
    session.delete(question)
    session.flush()
    session.expire(round_, ["questions"])
    _put_in_order(session, round_.questions)


def move_question(session: Session, *, round_: Round, question: Question, by: int) -> None:
    """One place up (-1) or down (+1); at the end of the list nothing happens."""
    _lock_draft(session, round_)
    _must_be_there(round_, question)
    ids = [other.id for other in round_.questions]
    here = ids.index(question.id)
    there = min(max(here + by, 0), len(ids) - 1)
    ids.insert(there, ids.pop(here))
    order_questions(session, round_=round_, ids=ids)


def order_questions(session: Session, *, round_: Round, ids: Sequence[int]) -> None:
    """Put the questions in this order. Ids of a page that is out of date are refused."""
    _lock_draft(session, round_)
    by_id = {question.id: question for question in round_.questions}
    if sorted(ids) != sorted(by_id):
        raise DesignRefused(_("The questions have changed in the meantime. Look at the list again."))
    ordered = [by_id[id_] for id_ in ids]
    _check_conditions(ordered)
    _put_in_order(session, ordered)
    session.expire(round_, ["questions"])


def take_survey(session: Session, *, round_: Round, survey: Survey, is_instead: bool) -> int:
    """Put the questions of a file or a template into the round; how many there were."""
    _lock_draft(session, round_)
    if is_instead:
        for question in round_.questions:
            refuse_locked(session, round_=round_, question=question)
        purge_tests(session, round_=round_)
        round_.questions.clear()
        session.flush()
        round_.series.title = survey.title if round_.number == 1 else round_.series.title
        round_.introduction = survey.introduction or round_.introduction
    main = languages_of(round_)[0]
    # A file says itself what it is translated into; nothing is added to it.
    for question in survey.questions:
        put_into(question, main, instead_of=survey.language)
    _append(session, round_, survey.questions)
    return len(survey.questions)


def change_title(session: Session, *, round_: Round, title: str) -> None:
    """Name the series, as people read it above everything else; once a round has been asked, its title stands."""
    _lock_draft(session, round_)
    if round_.number > 1:
        raise DesignRefused(
            _("The title belongs to all rounds of this series, and people have read it. It stays.")
        )
    round_.series.title = title
    session.flush()


def mark_previewed(session: Session, *, round_: Round, digest: str) -> None:
    """Somebody has read the questions that have this digest. Raises DesignRefused when others stand there now."""
    _lock_draft(session, round_)
    if digest != digest_of(round_.questions):
        raise DesignRefused(
            _("The questions have changed since this page was opened. Please read them once more.")
        )
    for question in round_.questions:
        question.is_previewed = True
    session.flush()


def save_template(session: Session, *, round_: Round, organisation_id: int, name: str) -> SurveyTemplate:
    """Keep the questions of a round for other rounds of the organisation. Raises NameTaken or DesignRefused."""
    if len(queries.list_templates(session, organisation_id=organisation_id)) >= MAX_TEMPLATES:
        raise DesignRefused(
            _("There are %(n)s templates already. Delete one that nobody uses first.", n=MAX_TEMPLATES)
        )
    document = to_document(
        title=round_.series.title,
        introduction=round_.introduction,
        questions=round_.questions,
        language=languages_of(round_)[0],
    )
    template = SurveyTemplate(organisation_id=organisation_id, name=name, document=document)
    try:
        with session.begin_nested():
            session.add(template)
            session.flush()
    except IntegrityError as error:
        raise NameTaken from error
    return template


def delete_template(session: Session, *, template: SurveyTemplate) -> None:
    session.delete(template)
    session.flush()


def refuse_locked(session: Session, *, round_: Round, question: Question) -> None:
    """Raise DesignRefused for a trend question that an earlier round of the series has asked."""
    label = queries.map_trends(session, round_=round_).get(question.key)
    if question.is_trend and label is not None:
        raise DesignRefused(
            _(
                "Question %(n)s is a trend question and was asked in %(round)s. It stays as it is, so that the rounds "
                "compare.",
                n=question.position,
                round=label,
            )
        )


# --- Steps -------------------------------------------------------------------------------------------------------


def _lock_draft(session: Session, round_: Round) -> None:
    """Lock the round and look again: what the page showed may be a minute old."""
    lock_round(session, round_id=round_.id)
    if round_.state != RoundState.DRAFT:
        raise WrongState
    session.scalars(
        select(Question).where(Question.round_id == round_.id).execution_options(populate_existing=True)
    ).all()
    session.expire(round_, ["questions"])


def _must_be_there(round_: Round, question: Question) -> None:
    if question not in round_.questions:
        raise DesignRefused(_("Somebody has taken this question out in the meantime."))


def _written(question: Question, draft: Draft) -> Question:
    question.prompt, question.hint = draft.prompt, draft.hint
    question.is_required, question.is_trend = draft.is_required, draft.is_trend
    question.settings = checked_settings(QuestionKind(question.kind), draft.settings)
    question.condition = draft.condition
    return question


def _check_conditions(ordered: Sequence[Question]) -> None:
    """Every condition must find its question before it, with what it asks for still there."""
    for index, question in enumerate(ordered):
        try:
            checked_condition(question.condition, earlier=ordered[:index])
        except DataRefused:
            raise DesignRefused(
                _(
                    "“%(question)s” is asked only after a certain answer to an earlier question, and this would take "
                    "that question or that answer away. Change its condition first.",
                    question=shown(question.prompt),
                )
            ) from None


def shown(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _append(session: Session, round_: Round, questions: Sequence[Question]) -> None:
    if len(round_.questions) + len(questions) > MAX_QUESTIONS:
        raise DesignRefused(
            _(
                "A round has room for %(n)s questions. People answer best when there are three or four.",
                n=MAX_QUESTIONS,
            )
        )
    taken = {question.key for question in round_.questions}
    renamed: dict[str, str] = {}
    last = max((question.position for question in round_.questions), default=0)
    for position, question in enumerate(questions, start=last + 1):
        key = free_key(question.key, taken=taken)
        renamed[question.key] = key
        question.key, question.position = key, position
        if question.condition is not None:
            about = question.condition["question"]
            question.condition = {**question.condition, "question": renamed.get(about, about)}
        taken.add(key)
        round_.questions.append(question)
    session.flush()


def free_key(wish: str, *, taken: set[str]) -> str:
    """This key, or with the first number behind it that is free."""
    if wish not in taken:
        return wish
    numbers = (f"{wish[: 40 - len(f'_{n}')]}_{n}" for n in range(2, len(taken) + 3))
    return next(key for key in numbers if key not in taken)


def key_of(label: str, *, taken: set[str]) -> str:
    """A key that reads like this label: for the elements, items and dimensions that somebody adds."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_")
    return free_key(key if key and key[0].isalpha() else f"part_{key}"[:40].rstrip("_"), taken=taken)


def _put_in_order(session: Session, ordered: Sequence[Question]) -> None:
    for position, question in enumerate(ordered, start=1):
        question.position = position + _ASIDE
    session.flush()
    for position, question in enumerate(ordered, start=1):
        question.position = position
    session.flush()
