"""One form for each kind of edit. What it offers comes of the report as it stands; `seen` says which one that was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.fields import LineField, LongTextField
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.reports import hand
from app.reports.edits import LONGEST_LABEL, EditRefused
from app.reports.forms import MAX_REASON
from app.reports.hand import LONGEST_COMMENT, Making
from app.reports.models import ReportSection
from app.reports.presenting import CampView, ReportView
from app.reports.reading_order import reading_order
from app.reports.redaction import texts_of
from app.reports.replay import NO_CAMP, OWN_CAMP
from app.surveys.wording import lazy_number

SHOWN_OF_TEXT = 90


class EditForm(FlaskForm):
    """title, lead: of its page. order: its own fields, in the order of the page; the reason comes last."""

    title = ""
    lead = ""
    order: tuple[str, ...] = ()
    # A field of a plain choice that the address can fill in beforehand: its name there.
    asked: dict[str, str] = {}

    seen = HiddenField()
    reason = LongTextField(
        _l("Why?"),
        description=_l("Everyone who reads the report reads this reason in its method card."),
        validators=[
            DataRequired(_l("Write why: whoever reads the report should be able to follow.")),
            Length(
                max=MAX_REASON,
                message=_l("Keep the reason under %(n)s characters.", n=lazy_number(MAX_REASON)),
            ),
        ],
        render_kw={"rows": 3},
    )

    def offer(self, view: ReportView, document: dict[str, Any], asked: Callable[[str], str | None]) -> None:
        """Fill in the choices. document: as measured, with the words that are not shown to others."""

    def make(self, making: Making) -> None:
        raise NotImplementedError


class MoveForm(EditForm):
    title = _l("Move an answer")
    lead = _l("It stands in another strategy from then on, or in none. The measured place stays beside it.")
    order = ("answer", "to")

    answer = SelectField(_l("Which answer?"), validators=[InputRequired(_l("Choose an answer."))])
    to = SelectField(_l("Where to?"), validators=[InputRequired(_l("Choose where it is to stand."))])

    def offer(self, view: ReportView, document: dict[str, Any], asked: Callable[[str], str | None]) -> None:
        self.answer.choices = _choose([(str(n), words) for n, words in _answers(view, document)])
        self.to.choices = _choose(
            [*_camps(view), (OWN_CAMP, _("A strategy of its own")), (NO_CAMP, _("No strategy"))],
            _("Choose a place"),
        )
        self.answer.data = self.answer.data or asked("answer")

    def make(self, making: Making) -> None:
        to = None if self.to.data in (NO_CAMP, OWN_CAMP) else int(self.to.data)
        hand.move_answer(making, answer=int(self.answer.data), to=to, is_own=self.to.data == OWN_CAMP)


class MergeForm(EditForm):
    title = _l("Merge two strategies")
    lead = _l("Their answers stand together from then on. The first keeps its number and its name.")
    order = ("stays", "goes")

    stays = SelectField(
        _l("Which strategy stays?"), validators=[InputRequired(_l("Choose the one that stays."))]
    )
    goes = SelectField(
        _l("Which becomes part of it?"), validators=[InputRequired(_l("Choose the other one."))]
    )

    def offer(self, view: ReportView, document: dict[str, Any], asked: Callable[[str], str | None]) -> None:
        self.stays.choices = self.goes.choices = _choose(_camps(view), _("Choose a strategy"))
        self.stays.data = self.stays.data or asked("camp")

    def make(self, making: Making) -> None:
        hand.merge_camps(making, stays=int(self.stays.data), goes=int(self.goes.data))


class SplitForm(EditForm):
    title = _l("Split a strategy")
    lead = _l("The answers that you tick stand apart from then on, as a strategy of their own.")
    order = ("leaving",)

    leaving = SelectMultipleField(
        _l("Which answers stand apart?"),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Tick at least one answer."))],
    )

    def offer(self, view: ReportView, document: dict[str, Any], asked: Callable[[str], str | None]) -> None:
        wanted = asked("camp")
        camps = [camp for camp in view.camps if camp.n > 1]
        chosen = [camp for camp in camps if str(camp.representative.number) == wanted]
        members = {n for camp in chosen or camps for n in _members(camp)}
        self.leaving.choices = [
            SelectChoice(str(n), words) for n, words in _answers(view, document) if n in members
        ]

    def make(self, making: Making) -> None:
        hand.split_camp(making, leaving=[int(value) for value in self.leaving.data])


class RenameForm(EditForm):
    title = _l("Name a strategy")
    lead = _l("Your name for it stands first; the measured label stays beside it.")
    order = ("camp", "name")

    camp = SelectField(_l("Which strategy?"), validators=[InputRequired(_l("Choose a strategy."))])
    name = LineField(
        _l("Name"),
        validators=[
            DataRequired(_l("Write a name.")),
            Length(max=LONGEST_LABEL, message=_l("Keep the name under %(n)s characters.", n=LONGEST_LABEL)),
        ],
    )

    def offer(self, view: ReportView, document: dict[str, Any], asked: Callable[[str], str | None]) -> None:
        self.camp.choices = _choose(_camps(view), _("Choose a strategy"))
        self.camp.data = self.camp.data or asked("camp")

    def make(self, making: Making) -> None:
        hand.rename_camp(making, camp_of=int(self.camp.data), name=self.name.data or "")


class HideForm(EditForm):
    title = _l("Do not show words")
    lead = _l(
        "They disappear from the report, from every file made of it and from the pages of the people. The answer "
        "counts as before."
    )
    order = ("quote", "words")

    quote = SelectField(_l("Whose words?"), validators=[InputRequired(_l("Choose an answer."))])
    words = LongTextField(
        _l("Only these words"),
        description=_l(
            "Copied from the answer, to the letter. Leave it empty to show nothing of the answer."
        ),
        validators=[Optional()],
        render_kw={"rows": 2},
    )

    def offer(self, view: ReportView, document: dict[str, Any], asked: Callable[[str], str | None]) -> None:
        answers = [(str(n), words) for n, words in _answers(view, document, only_read=False)]
        self.texts = [
            (question["key"], text)
            for question in document.get("questions") or ()
            for text in texts_of(question)
        ]
        further = [
            (f"text-{n}", _("Further answer: %(text)s", text=_short(text)))
            for n, (_question, text) in enumerate(self.texts)
        ]
        self.quote.choices = _choose([*answers, *further])
        self.quote.data = self.quote.data or asked("answer")

    def make(self, making: Making) -> None:
        if not self.quote.data.startswith("text-"):
            hand.hide_answer(making, answer=int(self.quote.data), words=(self.words.data or "").strip())
            return
        if (self.words.data or "").strip():
            raise EditRefused(_("A further answer is hidden whole: leave the words empty."))
        question, text = self.texts[int(self.quote.data.removeprefix("text-"))]
        hand.hide_text(making, question=question, text=text)


class CommentForm(EditForm):
    title = _l("Add a comment")
    lead = _l("It stands at the end of a section, with your name, and is shown with that section.")
    order = ("section", "text")

    section = SelectField(_l("Which section?"), validators=[InputRequired(_l("Choose a section."))])
    text = LongTextField(
        _l("Comment"),
        validators=[
            DataRequired(_l("Write the comment.")),
            Length(
                max=LONGEST_COMMENT,
                message=_l("Keep the comment under %(n)s characters.", n=lazy_number(LONGEST_COMMENT)),
            ),
        ],
        render_kw={"rows": 4},
    )

    def offer(self, view: ReportView, document: dict[str, Any], asked: Callable[[str], str | None]) -> None:
        parts = [(part.section.value, f"{part.number}. {part.title}") for part in reading_order(view)]
        self.section.choices = _choose(parts, _("Choose a section"))
        self.section.data = self.section.data or asked("section")

    def make(self, making: Making) -> None:
        hand.comment(making, section=ReportSection(self.section.data), text=self.text.data or "")


FORMS: dict[str, type[EditForm]] = {
    "move": MoveForm,
    "merge": MergeForm,
    "split": SplitForm,
    "rename": RenameForm,
    "hide": HideForm,
    "comment": CommentForm,
}


def _members(camp: CampView) -> set[int]:
    return {voice.number for voice in (camp.representative, *camp.others)}


def _camps(view: ReportView) -> list[tuple[str, str]]:
    """A camp is meant by the answer that stands for it."""
    return [
        (
            str(camp.representative.number),
            _("Strategy %(number)s", number=camp.number)
            + (f": {camp.label}" if camp.label else "")
            + f" ({camp.n})",
        )
        for camp in view.camps
    ]


def _answers(view: ReportView, document: dict[str, Any], *, only_read: bool = True) -> list[tuple[int, str]]:
    """Every answer with who gave it (as the mode allows), where it stands, and how it begins."""
    place = {member: camp.number for camp in view.camps for member in _members(camp)}
    return [
        (
            voice.number,
            f"{voice.source}, {_place(place.get(voice.number))}: "
            f"{_short(document['statements'][voice.number]['text'])}",
        )
        for voice in view.voices
        if (voice.reading != "not read" or not only_read) and document["statements"][voice.number]["text"]
    ]


def _place(camp: int | None) -> str:
    return _("strategy %(number)s", number=camp) if camp is not None else _("no strategy")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN_OF_TEXT else words[: SHOWN_OF_TEXT - 1].rstrip() + "…"


def _choose(choices: list[tuple[str, str]], first: str | None = None) -> list[SelectChoice]:
    return [
        SelectChoice("", first or _("Choose an answer")),
        *(SelectChoice(value, words) for value, words in choices),
    ]
