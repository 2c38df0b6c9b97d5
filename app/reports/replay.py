"""The facilitator's edits applied to a frozen report: pure, and the same edits in the same order give the same reading.

An edit changes who stands with whom, what a camp is called, which words are shown, what is said beside a section. It
changes no number: those are measured, and the measured camps stay in the document. An edit refers to answers by their
words (see `reference`), so it outlives the document that it was made on; one that fits no longer is skipped, with a
sentence that says why, and the later ones are tried all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from app.languages import gettext as _
from app.reports.models import EditKind, ReportEdit, ReportSection
from app.reports.redaction import Hidden, find_words, redact

Document: TypeAlias = dict[str, Any]
Reference: TypeAlias = dict[str, Any]

# Where an answer can be moved to, beside the camp of another answer.
NO_CAMP, OWN_CAMP = "none", "own"


@dataclass(frozen=True)
class Edit:
    """One standing edit, without who made it and why."""

    id: int
    kind: EditKind
    subject: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class EditedCamp:
    """One camp as edited.

    number: that of the measured camp that it came from, so a strategy keeps its number and its colour; a camp that an
    edit made has the next free one. members, representative: answers. name: the facilitator's, by the edit `named_by`.
    """

    number: int
    members: tuple[int, ...]
    representative: int
    name: str | None = None
    named_by: int | None = None


@dataclass(frozen=True)
class Reading:
    """The report as edited. document: what pages and files render, without the words that are not to be shown.

    camps: None where no edit changes them. theme_edits: by theme, the edit of its label. comments: by section, edits.
    skipped: by edit, why it changes nothing.
    """

    document: Document
    camps: tuple[EditedCamp, ...] | None
    hidden_answers: frozenset[int]
    theme_edits: Mapping[int, int]
    comments: Mapping[ReportSection, tuple[int, ...]]
    skipped: Mapping[int, str]


class DoesNotApply(Exception):
    """The edit changes nothing in this document; the message says why."""


def standing(edits: Sequence[ReportEdit]) -> tuple[Edit, ...]:
    """What stands of the log, in the order in which it was made."""
    found = sorted((edit for edit in edits if edit.undone_at is None), key=lambda e: (e.made_at, e.id))
    return tuple(Edit(edit.id, EditKind(edit.kind), edit.subject, edit.payload) for edit in found)


def reference(document: Document, number: int) -> Reference:
    """How an edit names an answer: its words, its author where names are shown, and which of several that are alike."""
    statement = document["statements"][number]
    alike = [
        k
        for k, other in enumerate(document["statements"])
        if (other["text"], other["name"]) == (statement["text"], statement["name"])
    ]
    return {"text": statement["text"], "name": statement["name"], "nth": alike.index(number)}


def find_answer(document: Document, wanted: Reference) -> int | None:
    """The number of this answer in the document; None where it is not there any more."""
    alike = [
        k
        for k, statement in enumerate(document["statements"])
        if (statement["text"], statement["name"]) == (wanted["text"], wanted["name"])
    ]
    return alike[wanted["nth"]] if wanted["nth"] < len(alike) else None


def apply_edits(document: Document, edits: Sequence[Edit]) -> Reading:
    """Replay these edits over the document, the earliest first. Without edits: the document itself, as measured."""
    analysis = document.get("analysis")
    board = _Board(document, analysis or {"camps": [], "answers": []})
    for edit in edits:
        try:
            _VERBS[edit.kind](board, edit)
        except DoesNotApply as reason:
            board.skipped[edit.id] = str(reason)
    return Reading(
        document=redact(document, board.hidden) if board.hidden else document,
        camps=tuple(board.camps()) if board.is_changed else None,
        hidden_answers=frozenset(hidden.answer for hidden in board.hidden if hidden.answer is not None),
        theme_edits=board.theme_edits,
        comments={section: tuple(ids) for section, ids in board.comments.items()},
        skipped=board.skipped,
    )


@dataclass
class _Camp:
    members: set[int]
    representative: int
    name: str | None = None
    named_by: int | None = None


@dataclass
class _Board:
    """Where everything stands while the edits are replayed. Nothing here is written back into the document."""

    document: Document
    analysis: Document
    hidden: list[Hidden] = field(default_factory=list)
    comments: dict[ReportSection, list[int]] = field(default_factory=dict)
    theme_edits: dict[int, int] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_number = {
            number: _Camp(set(camp["members"]), camp["representative"])
            for number, camp in enumerate(self.analysis["camps"], start=1)
        }
        self.is_changed = False
        self.next_number = len(self.by_number) + 1

    # --- Looking things up ---

    def answer(self, wanted: Reference) -> int:
        found = find_answer(self.document, wanted)
        if found is None:
            raise DoesNotApply(_("The answer is not in the report any more, or its words have changed."))
        return found

    def readable(self, wanted: Reference) -> int:
        found = self.answer(wanted)
        if self.analysis["answers"][found]["reading"] == "not read":
            raise DoesNotApply(_("The answer could not be read, so it stands in no camp."))
        return found

    def number_of(self, answer: int) -> int | None:
        return next((number for number, camp in self.by_number.items() if answer in camp.members), None)

    def camp_of(self, wanted: Reference) -> int:
        number = self.number_of(self.answer(wanted))
        if number is None:
            raise DoesNotApply(_("The answer that stood for the camp is in none any more."))
        return number

    # --- Changing them ---

    def take_out(self, answer: int) -> None:
        number = self.number_of(answer)
        if number is None:
            return
        camp = self.by_number[number]
        camp.members.discard(answer)
        if not camp.members:
            del self.by_number[number]
        elif camp.representative == answer:
            camp.representative = self.spokesman(camp.members)

    def new_camp(self, members: set[int]) -> None:
        self.by_number[self.next_number] = _Camp(members, self.spokesman(members))
        self.next_number += 1

    def spokesman(self, members: set[int]) -> int:
        """Who of them belongs most with the others, by the measured matrix; the first where nothing was measured."""
        matrix = self.analysis.get("belonging")

        def nearness(member: int) -> float:
            others = [matrix[member][other] or 0.0 for other in members if other != member] if matrix else []
            return sum(others)

        return max(sorted(members), key=nearness)

    def camps(self) -> list[EditedCamp]:
        made = [
            EditedCamp(number, tuple(sorted(camp.members)), camp.representative, camp.name, camp.named_by)
            for number, camp in self.by_number.items()
        ]
        return sorted(made, key=lambda camp: (-len(camp.members), camp.number))


# --- What each kind of edit does --------------------------------------------------------------------------------------


def _move_answer(board: _Board, edit: Edit) -> None:
    answer, to = board.readable(edit.payload["answer"]), edit.payload["to"]
    here = board.number_of(answer)
    if to == NO_CAMP:
        if here is None:
            raise DoesNotApply(_("The answer stands in no camp already."))
        board.take_out(answer)
    elif to == OWN_CAMP:
        if here is not None and len(board.by_number[here].members) == 1:
            raise DoesNotApply(_("The answer stands alone already."))
        board.take_out(answer)
        board.new_camp({answer})
    else:
        there = board.camp_of(to)
        if there == here:
            raise DoesNotApply(_("The answer stands in this camp already."))
        board.take_out(answer)
        board.by_number[there].members.add(answer)
    board.is_changed = True


def _merge_camps(board: _Board, edit: Edit) -> None:
    stays, goes = board.camp_of(edit.payload["camp"]), board.camp_of(edit.payload["with"])
    if stays == goes:
        raise DoesNotApply(_("The two are one camp already."))
    board.by_number[stays].members |= board.by_number.pop(goes).members
    board.is_changed = True


def _split_camp(board: _Board, edit: Edit) -> None:
    leaving = {board.readable(wanted) for wanted in edit.payload["answers"]}
    numbers = {board.number_of(answer) for answer in leaving}
    number = next(iter(numbers), None)
    if len(numbers) != 1 or number is None:
        raise DoesNotApply(_("The answers that were to leave do not stand in one camp any more."))
    if leaving == board.by_number[number].members:
        raise DoesNotApply(_("Nobody would be left in the camp."))
    for answer in sorted(leaving):
        board.take_out(answer)
    board.new_camp(leaving)
    board.is_changed = True


def _rename_camp(board: _Board, edit: Edit) -> None:
    camp = board.by_number[board.camp_of(edit.payload["camp"])]
    camp.name, camp.named_by = str(edit.payload["name"]), edit.id
    board.is_changed = True


def _hide_quote(board: _Board, edit: Edit) -> None:
    payload = edit.payload
    if payload.get("question") is not None:
        question = next(
            (q for q in board.document.get("questions") or () if q["key"] == payload["question"]), None
        )
        hidden = Hidden(question=payload["question"], text=edit.subject)
        if question is None or not find_words(question, edit.subject):
            raise DoesNotApply(_("These words are not in the report any more."))
    else:
        answer = board.answer(payload["answer"])
        if payload.get("words") and payload["words"] not in board.document["statements"][answer]["text"]:
            raise DoesNotApply(_("These words do not stand in the answer any more."))
        hidden = Hidden(answer=answer, text=payload.get("words") or None)
    if hidden in board.hidden:
        raise DoesNotApply(_("This is not shown already."))
    board.hidden.append(hidden)


def _comment(board: _Board, edit: Edit) -> None:
    board.comments.setdefault(ReportSection(edit.subject), []).append(edit.id)


def _rename_theme(board: _Board, edit: Edit) -> None:
    themes = board.document.get("themes") or {"themes": [], "pieces": []}
    pieces = themes["pieces"]
    for number, theme in enumerate(themes["themes"]):
        if any(pieces[k]["text"] == edit.subject for k in theme["pieces"]):
            board.theme_edits[number] = edit.id
            return
    raise DoesNotApply(_("The theme is not in the report any more."))


_VERBS = {
    EditKind.MOVE_ANSWER: _move_answer,
    EditKind.MERGE_CAMPS: _merge_camps,
    EditKind.SPLIT_CAMP: _split_camp,
    EditKind.RENAME_CAMP: _rename_camp,
    EditKind.HIDE_QUOTE: _hide_quote,
    EditKind.COMMENT: _comment,
    EditKind.RENAME_THEME: _rename_theme,
}
