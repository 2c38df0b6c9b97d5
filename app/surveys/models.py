"""Tables of a survey round.

Who said what is decided here, by the schema: in Unattributed mode a sheet has no participant, no time and no row
order, so nothing in the database joins an answer to a person (`unattributed_sheet_names_nobody`). After launch
the mode cannot change: a trigger refuses it (migrations/versions/0001, `confidentiality_is_frozen_at_launch`).
"""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now

# Whoever is typing when the round closes may still send what is on the screen.
GRACE = timedelta(seconds=120)

# Below so many answers a report without names would still tell who said what; below the second number a sentence that
# stands under a theme is too easily known for somebody's.
MIN_ANSWERS, MIN_THEME_ANSWERS = 5, 8


class Confidentiality(enum.StrEnum):
    NAMED = "named"
    CONFIDENTIAL = "confidential"
    UNATTRIBUTED = "unattributed"


class RoundState(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class RoundLayout(enum.StrEnum):
    """How the questions stand before those who answer; progress and Back belong to the first."""

    ONE_QUESTION = "one_question"
    ONE_PAGE = "one_page"


class QuestionKind(enum.StrEnum):
    """What each kind is set up with and what its answer looks like: app/surveys/kinds.py."""

    OPEN_TEXT = "open_text"
    ELEMENTS = "elements"
    PRIORITIES = "priorities"
    FORK = "fork"
    RANKING = "ranking"
    STAGE_CHOICE = "stage_choice"
    PERCEPTION_GUESS = "perception_guess"
    CONFIDENCE = "confidence"


class ParticipantState(enum.StrEnum):
    INVITED = "invited"
    STARTED = "started"
    SUBMITTED = "submitted"


class Series(Base):
    """One question put to one leadership team again and again: the thread through its rounds."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    rounds: Mapped[list[Round]] = relationship(order_by="Round.number", back_populates="series")


class Round(Base):
    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        # The target of the sheets' composite foreign key: the mode that a sheet was written under.
        UniqueConstraint("id", "confidentiality"),
        CheckConstraint(
            "confidentiality IN ('named', 'confidential', 'unattributed')", name="confidentiality_is_known"
        ),
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state_is_known"),
        CheckConstraint("(state = 'draft') = (opened_at IS NULL)", name="launched_round_has_opening_time"),
        CheckConstraint("state = 'draft' OR closes_at IS NOT NULL", name="launched_round_has_closing_time"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_round_has_time"),
        CheckConstraint("revealed_at IS NULL OR state = 'closed'", name="revealed_round_is_closed"),
        CheckConstraint("layout IN ('one_question', 'one_page')", name="layout_is_known"),
        CheckConstraint("min_answers >= 5", name="min_answers_only_go_up"),
        CheckConstraint(
            "min_theme_answers >= 8 AND min_theme_answers >= min_answers", name="min_theme_answers_only_go_up"
        ),
        CheckConstraint("substr(CAST(languages AS TEXT), 1, 2) = '[\"'", name="languages_are_a_list"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(60))
    asked_by: Mapped[str] = mapped_column(String(200))
    introduction: Mapped[str] = mapped_column(Text, default="")
    confidentiality: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=RoundState.DRAFT)
    layout: Mapped[str] = mapped_column(
        String(20), default=RoundLayout.ONE_QUESTION, server_default=RoundLayout.ONE_QUESTION.value
    )
    # The languages in which people are asked, the main one first: mails and the questions' own words are in it.
    languages: Mapped[list[str]] = mapped_column(
        JSON, default=lambda: ["en"], server_default=text("'[\"en\"]'")
    )
    # Without names nothing is shown of fewer answers than this, and no theme is quoted below the second number. Both
    # only go up, and stay as they are from the launch on (`minimum_counts_are_frozen_at_launch`, migration 0011).
    min_answers: Mapped[int] = mapped_column(default=MIN_ANSWERS, server_default=str(MIN_ANSWERS))
    min_theme_answers: Mapped[int] = mapped_column(
        default=MIN_THEME_ANSWERS, server_default=str(MIN_THEME_ANSWERS)
    )
    time_zone: Mapped[str] = mapped_column(String(64))
    closes_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # When the first section of the report was shown to the team; which ones are: app/reports/revealing.py.
    revealed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    series: Mapped[Series] = relationship(back_populates="rounds")
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.position", back_populates="round", cascade="all, delete-orphan"
    )
    # Those who are asked. Whoever tries a draft out is a row beside them, and is none of them.
    participants: Mapped[list[Participant]] = relationship(
        primaryjoin="and_(Round.id == Participant.round_id, Participant.is_test.is_(False))",
        order_by="Participant.name",
        back_populates="round",
        cascade="all, delete-orphan",
    )

    @property
    def asker(self) -> str:
        """Who asks, as it stands before a verb: "Mara Lind, CMO, asks"."""
        return f"{self.asked_by}," if "," in self.asked_by else self.asked_by

    def is_open(self, now: datetime) -> bool:
        """May a new answer begin? The clock decides, even before the worker has written 'closed'."""
        return self.state == RoundState.OPEN and self.closes_at is not None and now < self.closes_at

    def accepts_answers(self, now: datetime) -> bool:
        """May an answer that is on the screen still be sent? Two minutes longer than `is_open`."""
        if self.closes_at is None or self.state == RoundState.DRAFT:
            return False
        if self.state == RoundState.CLOSED:
            return False
        return now < self.closes_at + GRACE


class Question(Base):
    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        UniqueConstraint("round_id", "key"),
        CheckConstraint(
            "kind IN ('open_text', 'elements', 'priorities', 'fork', 'ranking', 'stage_choice', "
            "'perception_guess', 'confidence')",
            name="kind_is_known",
        ),
        CheckConstraint("substr(CAST(settings AS TEXT), 1, 1) = '{'", name="settings_are_an_object"),
        CheckConstraint(
            "condition IS NULL OR substr(CAST(condition AS TEXT), 1, 1) = '{'", name="condition_is_an_object"
        ),
        CheckConstraint("condition IS NULL OR position > 1", name="condition_has_a_question_before_it"),
        CheckConstraint("substr(CAST(translations AS TEXT), 1, 1) = '{'", name="translations_are_an_object"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    position: Mapped[int]
    # The same question keeps its key from round to round, so that quarters compare.
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    prompt: Mapped[str] = mapped_column(Text)
    hint: Mapped[str] = mapped_column(Text, default="")
    is_required: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # The same words in the round's other languages: app/surveys/translations.py.
    translations: Mapped[dict[str, dict[str, dict[str, str]]]] = mapped_column(
        JSON, default=dict, server_default=text("'{}'")
    )
    # Asked only of some: {"question": key of an earlier one, "is": ..., "value": ...}; see app/surveys/kinds.py.
    condition: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # Asked alike in every round of the series; nothing about it changes once a round with it has been launched.
    is_trend: Mapped[bool] = mapped_column(default=False)
    # Somebody has read the question as it stands; every change takes it back.
    is_previewed: Mapped[bool] = mapped_column(default=False)

    round: Mapped[Round] = relationship(back_populates="questions")


class SurveyTemplate(Base):
    """Questions that an organisation kept from one of its rounds, in the format of app/surveys/design/exchange.py."""

    __tablename__ = "survey_templates"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("name <> ''", name="name_is_not_empty"),
        CheckConstraint("substr(CAST(document AS TEXT), 1, 1) = '{'", name="document_is_an_object"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Participant(Base):
    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("round_id", "identity"),
        CheckConstraint("state IN ('invited', 'started', 'submitted')", name="state_is_known"),
        CheckConstraint("name <> ''", name="name_is_not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    # Of the directory, as they stood at the launch.
    function: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(200), default="")
    # The mail address in lower case, or the name where there is none: who is the same person in two rounds.
    identity: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10), default=ParticipantState.INVITED)
    # The facilitator, trying a draft out. Only a draft has one, and the launch is refused while there is one
    # (migrations/versions/0005, `test_people_only_in_drafts`, `test_answers_are_purged_at_launch`).
    is_test: Mapped[bool] = mapped_column(default=False)

    round: Mapped[Round] = relationship(back_populates="participants")
    invitations: Mapped[list[Invitation]] = relationship(
        back_populates="participant", cascade="all, delete-orphan"
    )


class AnswerDay(Base):
    """How many people answered for the first time on this day, on the calendar of the round's zone.

    A count and nothing else: it holds in every mode, because a sheet has no day to be joined by.
    """

    __tablename__ = "answer_days"
    __table_args__ = (CheckConstraint("n > 0", name="count_is_positive"), {"sqlite_with_rowid": False})

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    n: Mapped[int]


class Invitation(Base):
    """A personal link. Only the SHA-256 of its token is kept, so a link cannot be shown twice, only replaced.

    A link ends in one of two ways. *Revoked* (the facilitator replaces it): nothing goes on with it, at once.
    *Superseded* (a newer mail with a newer link has been accepted): it opens nothing any more, but a browser that
    began with it goes on, so that a reminder never takes the page from somebody who is writing.
    """

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship(back_populates="invitations")


class Sheet(Base):
    """One person's answers in one round, submitted or not.

    Named and Confidential: the sheet has its participant. Unattributed: `id` is the hash of a secret that only
    the respondent's browser has, and the sheet has no participant. Either way the id is random, the table keeps
    no row order (WITHOUT ROWID) and no time.
    """

    __tablename__ = "sheets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "confidentiality"], ["rounds.id", "rounds.confidentiality"], ondelete="CASCADE"
        ),
        CheckConstraint(
            "(confidentiality = 'unattributed') = (participant_id IS NULL)",
            name="unattributed_sheet_names_nobody",
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(index=True)
    confidentiality: Mapped[str] = mapped_column(String(20))
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), unique=True
    )
    is_submitted: Mapped[bool] = mapped_column(default=False)

    answers: Mapped[list[Answer]] = relationship(cascade="all, delete-orphan")
    drafts: Mapped[list[Draft]] = relationship(cascade="all, delete-orphan")


class Answer(Base):
    """What was submitted, in the form that its kind of question has (the table in app/surveys/kinds.py)."""

    __tablename__ = "answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sheet_id: Mapped[str] = mapped_column(ForeignKey("sheets.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)


class Draft(Base):
    """What was typed and not submitted yet; nobody but its author is ever shown it.

    The value: {"typed": what stands in the fields, "browser": whose, "left": whether its author went on from it}.
    """

    __tablename__ = "drafts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sheet_id: Mapped[str] = mapped_column(ForeignKey("sheets.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)


class QuestionCount(Base):
    """How many people got to a question, and how many went on from it, before they first sent their answers.

    A count and nothing else, as `AnswerDay` is.
    """

    __tablename__ = "question_counts"
    __table_args__ = (
        CheckConstraint("n_reached > 0", name="somebody_reached_it"),
        CheckConstraint("n_left BETWEEN 0 AND n_reached", name="who_left_had_reached_it"),
        {"sqlite_with_rowid": False},
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    n_reached: Mapped[int]
    n_left: Mapped[int]


class QuestionTime(Base):
    """How many people took between the step before this one and `up_to` seconds over a question.

    Counts in coarse steps, never a person's own time; none at all in Unattributed mode (docs/decisions/0008).
    """

    __tablename__ = "question_times"
    __table_args__ = (
        CheckConstraint("n > 0", name="count_is_positive"),
        CheckConstraint("up_to > 0", name="step_is_positive"),
        {"sqlite_with_rowid": False},
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    up_to: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
