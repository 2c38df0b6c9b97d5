"""What to look at before the first link goes out. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from app.languages import LANGUAGES, SOURCE, ngettext
from app.languages import gettext as _
from app.surveys.confidentiality import MIN_ANSWERS_WITHOUT_NAMES
from app.surveys.kinds import unfinished
from app.surveys.models import Confidentiality, Round
from app.surveys.translations import languages_of, untranslated
from app.surveys.wording import closing_words, counted

# Fewer than three people make a talk, not a survey.
MIN_PEOPLE = 3


class Verdict(enum.StrEnum):
    DONE = "done"
    WARNING = "warning"
    NEEDED = "needed"


@dataclass(frozen=True)
class Check:
    """One line: how it stands, a sentence, and the page where it is changed."""

    verdict: Verdict
    words: str
    endpoint: str
    action: str


def checklist(round_: Round, *, now: datetime) -> list[Check]:
    return [
        _people(round_),
        _addresses(round_),
        _closing_time(round_, now),
        _questions(round_),
        *_languages(round_),
    ]


def may_launch(checks: list[Check]) -> bool:
    return all(check.verdict != Verdict.NEEDED for check in checks)


def _people(round_: Round) -> Check:
    n = len(round_.participants)
    page = ("surveys.participants", "Change the list" if n >= MIN_PEOPLE else "Add people")
    if n == 0:
        return Check(Verdict.NEEDED, "Nobody is on the list yet.", *page)
    if n < MIN_PEOPLE:
        words = f"Only {counted(n, 'person is', 'people are')} on the list: it takes at least {MIN_PEOPLE}."
        return Check(Verdict.NEEDED, words, *page)
    if round_.confidentiality != Confidentiality.NAMED and n < MIN_ANSWERS_WITHOUT_NAMES:
        words = (
            f"Only {counted(n, 'person is', 'people are')} on the list: without names a report needs at least "
            f"{MIN_ANSWERS_WITHOUT_NAMES} answers. Add people, or choose “Named”."
        )
        return Check(Verdict.NEEDED, words, *page)
    return Check(Verdict.DONE, f"{counted(n, 'person is', 'people are')} on the list.", *page)


def _addresses(round_: Round) -> Check:
    page = ("surveys.participants", "Look at the list")
    n = sum(not participant.email for participant in round_.participants)
    if n:
        has = counted(n, "person has", "people have")
        return Check(Verdict.WARNING, f"{has} no mail address: you hand them their link yourself.", *page)
    if not round_.participants:
        return Check(Verdict.WARNING, "Mail addresses come with the list.", *page)
    return Check(Verdict.DONE, "Everybody has a mail address.", *page)


def _closing_time(round_: Round, now: datetime) -> Check:
    page = ("surveys.edit_round", "Change the closing time")
    if round_.closes_at is None:
        return Check(Verdict.NEEDED, "The round has no closing time yet.", *page)
    if round_.closes_at <= now:
        return Check(Verdict.NEEDED, "The closing time is over. Set one that is still to come.", *page)
    words = closing_words(round_.closes_at, zone=round_.time_zone, now=now)
    return Check(Verdict.DONE, f"The round {words}.", *page)


def _questions(round_: Round) -> Check:
    page = ("design.questions", "Change the questions")
    if not round_.questions:
        return Check(Verdict.NEEDED, "The round has no question yet.", *page)
    problems = [
        f"Question {question.position} {missing}"
        for question in round_.questions
        for missing in unfinished(question)
    ]
    if problems:
        return Check(Verdict.NEEDED, " ".join(problems), *page)
    n = len(round_.questions)
    unread = sum(not question.is_previewed for question in round_.questions)
    read = ("surveys.preview", "Read the preview")
    if unread == n:
        words = f"{counted(n, 'question', 'questions')}: nobody has read the preview yet."
        return Check(Verdict.WARNING, words, *read)
    if unread:
        has = counted(unread, "question has", "questions have")
        return Check(Verdict.WARNING, f"{has} changed since somebody read the preview.", *read)
    return Check(
        Verdict.DONE, f"{counted(n, 'question', 'questions')}, previewed as people will read them.", *read
    )


def _languages(round_: Round) -> list[Check]:
    """One line for each language beside the main one; which questions lack words, and what the judge reads."""
    codes = languages_of(round_)
    lines = []
    lacking = untranslated(round_.questions, codes)
    page = ("design.translations", _("Write the words"))
    for code in codes[1:]:
        if code in lacking:
            words = ngettext(
                "%(language)s: question %(places)s lacks words and is read in %(main)s there.",
                "%(language)s: questions %(places)s lack words and are read in %(main)s there.",
                len(lacking[code]),
                language=LANGUAGES[code],
                places=", ".join(str(question.position) for question in lacking[code]),
                main=LANGUAGES[codes[0]],
            )
            lines.append(Check(Verdict.WARNING, words, *page))
        else:
            words = _("%(language)s: every question has its words.", language=LANGUAGES[code])
            lines.append(Check(Verdict.DONE, words, *page))
    if codes != [SOURCE]:
        words = _(
            "The judge reads English only: answers in another language are left out of the reading, and the report "
            "lists them."
        )
        lines.append(Check(Verdict.WARNING, words, "surveys.edit_round", _("Change the languages")))
    return lines
