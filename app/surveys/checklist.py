"""What to look at before the first link goes out. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from app.languages import LANGUAGES, SOURCE, ngettext
from app.languages import gettext as _
from app.surveys.kinds import unfinished
from app.surveys.models import Confidentiality, Round
from app.surveys.translations import languages_of, untranslated
from app.surveys.wording import closing_words, number

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
    page = ("surveys.participants", _("Change the list") if n >= MIN_PEOPLE else _("Add people"))
    if n == 0:
        return Check(Verdict.NEEDED, _("Nobody is on the list yet."), *page)
    if n < MIN_PEOPLE:
        words = ngettext(
            "Only %(n)s person is on the list: it takes at least %(least)s.",
            "Only %(n)s people are on the list: it takes at least %(least)s.",
            n,
            least=MIN_PEOPLE,
        )
        return Check(Verdict.NEEDED, words, *page)
    if round_.confidentiality != Confidentiality.NAMED and n < round_.min_answers:
        words = ngettext(
            "Only %(n)s person is on the list: without names a report needs at least %(least)s answers. Add people, "
            "or choose “Named”.",
            "Only %(n)s people are on the list: without names a report needs at least %(least)s answers. Add people, "
            "or choose “Named”.",
            n,
            least=round_.min_answers,
        )
        return Check(Verdict.NEEDED, words, *page)
    words = ngettext("%(n)s person is on the list.", "%(n)s people are on the list.", n, n=number(n))
    return Check(Verdict.DONE, words, *page)


def _addresses(round_: Round) -> Check:
    page = ("surveys.participants", _("Look at the list"))
    n = sum(not participant.email for participant in round_.participants)
    if n:
        words = ngettext(
            "%(n)s person has no mail address: you hand them their link yourself.",
            "%(n)s people have no mail address: you hand them their link yourself.",
            n,
            n=number(n),
        )
        return Check(Verdict.WARNING, words, *page)
    if not round_.participants:
        return Check(Verdict.WARNING, _("Mail addresses come with the list."), *page)
    return Check(Verdict.DONE, _("Everybody has a mail address."), *page)


def _closing_time(round_: Round, now: datetime) -> Check:
    page = ("surveys.edit_round", _("Change the closing time"))
    if round_.closes_at is None:
        return Check(Verdict.NEEDED, _("The round has no closing time yet."), *page)
    if round_.closes_at <= now:
        return Check(Verdict.NEEDED, _("The closing time is over. Set one that is still to come."), *page)
    words = closing_words(round_.closes_at, zone=round_.time_zone, now=now)
    return Check(Verdict.DONE, _("The round %(closing)s.", closing=words), *page)


def _questions(round_: Round) -> Check:
    page = ("design.questions", _("Change the questions"))
    if not round_.questions:
        return Check(Verdict.NEEDED, _("The round has no question yet."), *page)
    problems = [
        _("Question %(n)s %(missing)s", n=question.position, missing=missing)
        for question in round_.questions
        for missing in unfinished(question)
    ]
    if problems:
        return Check(Verdict.NEEDED, " ".join(problems), *page)
    n = len(round_.questions)
    unread = sum(not question.is_previewed for question in round_.questions)
    read = ("surveys.preview", _("Read the preview"))
    if unread == n:
        words = ngettext(
            "%(n)s question: nobody has read the preview yet.",
            "%(n)s questions: nobody has read the preview yet.",
            n,
        )
        return Check(Verdict.WARNING, words, *read)
    if unread:
        words = ngettext(
            "%(n)s question has changed since somebody read the preview.",
            "%(n)s questions have changed since somebody read the preview.",
            unread,
        )
        return Check(Verdict.WARNING, words, *read)
    words = ngettext(
        "%(n)s question, previewed as people will read them.",
        "%(n)s questions, previewed as people will read them.",
        n,
    )
    return Check(Verdict.DONE, words, *read)


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
