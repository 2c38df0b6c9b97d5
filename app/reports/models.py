"""One frozen report per round, built by a job and only rendered afterwards; what of it the team is shown."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
from app.people.models import Account


class Report(Base):
    """The result of reading one round, kept as one JSON document; pages and exports render it and compute nothing."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("round_id", "input_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    input_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    built_at: Mapped[datetime] = mapped_column(default=utc_now)


class ReportSection(enum.StrEnum):
    """The parts of a report, in the order in which it is read. The number comes late on purpose: reasons first.

    The headline states the number, so it is shown to the team with NUMBER and not before.
    """

    ASKED = "asked"
    FORKS = "forks"
    CAMPS = "camps"
    COMMON_GROUND = "common_ground"
    THEMES = "themes"
    ELEMENTS = "elements"
    PERCEPTION = "perception"
    NUMBER = "number"
    NEXT_STEPS = "next_steps"


class Reveal(Base):
    """One section of a round's report was shown to the team: by whom and when. What was seen stays seen, so there
    is no way back; the first row also sets `rounds.revealed_at`."""

    __tablename__ = "reveals"
    __table_args__ = (
        CheckConstraint(
            "section IN ('asked', 'forks', 'camps', 'common_ground', 'themes', 'elements', 'perception', "
            "'number', 'next_steps')",
            name="section_is_known",
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    section: Mapped[str] = mapped_column(String(20), primary_key=True)
    revealed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    revealed_at: Mapped[datetime] = mapped_column(default=utc_now)

    revealed_by: Mapped[Account] = relationship()


class EditKind(enum.StrEnum):
    """What a facilitator may change about how a report reads. The measured reading stays beside it."""

    RENAME_THEME = "rename_theme"
    RENAME_CAMP = "rename_camp"
    MOVE_ANSWER = "move_answer"
    MERGE_CAMPS = "merge_camps"
    SPLIT_CAMP = "split_camp"
    HIDE_QUOTE = "hide_quote"
    COMMENT = "comment"


class ReportEdit(Base):
    """One edit of a report by the facilitator. A log: a row is never changed but to undo it, once (a trigger refuses
    the rest: migrations/versions/0006, `report_edits_are_a_log`).

    An edit outlives the document that it was made on, because a report may be built anew: so `subject` is verbatim
    text (of a theme: the sentence at its centre), and the edit applies where that text is found again.
    """

    __tablename__ = "report_edits"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('rename_theme', 'rename_camp', 'move_answer', 'merge_camps', 'split_camp', 'hide_quote', "
            "'comment')",
            name="kind_is_known",
        ),
        CheckConstraint("reason <> ''", name="reason_is_not_empty"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_edit_has_both"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    undone_at: Mapped[datetime | None]

    made_by: Mapped[Account] = relationship(foreign_keys=made_by_id)
    undone_by: Mapped[Account | None] = relationship(foreign_keys=undone_by_id)


class Vector(Base):
    """A text's embedding, so that reading it again costs nothing. The text itself is not here."""

    __tablename__ = "vectors"
    __table_args__ = ({"sqlite_with_rowid": False},)

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    values: Mapped[bytes] = mapped_column(LargeBinary)
