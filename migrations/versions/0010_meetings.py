"""Meetings that are run from a report: which slide, the clock, what was written, and the hands of each fork

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("showing", sa.String(length=20), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slide", sa.String(length=20), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_step", sa.String(length=20), nullable=False),
        sa.Column("clock_spent", sa.Integer(), nullable=False),
        sa.Column("clock_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("only", sa.Text(), nullable=False),
        sa.Column("whose", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("not_doing", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "showing IN ('at_once', 'as_it_goes', 'rehearsal')", name=op.f("ck_meetings_showing_is_known")
        ),
        sa.CheckConstraint("clock_spent >= 0", name=op.f("ck_meetings_clock_runs_forward")),
        sa.CheckConstraint(
            "clock_started_at IS NULL OR clock_step <> ''", name=op.f("ck_meetings_running_clock_has_a_step")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_meetings_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_meetings_report_id_reports"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["accounts.id"], name=op.f("fk_meetings_begun_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_index(op.f("ix_meetings_round_id"), "meetings", ["round_id"])
    op.create_table(
        "meeting_forks",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("left_answer", sa.Integer(), nullable=False),
        sa.Column("right_answer", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Integer(), nullable=False),
        sa.Column("n_left", sa.Integer(), nullable=True),
        sa.Column("n_right", sa.Integer(), nullable=True),
        sa.Column("n_undecided", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_answer <> right_answer", name=op.f("ck_meeting_forks_sides_are_two")),
        sa.CheckConstraint(
            "n_left >= 0 AND n_right >= 0 AND n_undecided >= 0",
            name=op.f("ck_meeting_forks_hands_are_counts"),
        ),
        sa.CheckConstraint(
            "(counts = 0) = (n_left IS NULL) AND (counts = 0) = (n_right IS NULL) AND "
            "(counts = 0) = (n_undecided IS NULL) AND (counts = 0) = (counted_at IS NULL)",
            name=op.f("ck_meeting_forks_hands_are_counted_together"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_meeting_forks_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "number", name=op.f("pk_meeting_forks")),
    )


def downgrade() -> None:
    op.drop_table("meeting_forks")
    op.drop_index(op.f("ix_meetings_round_id"), table_name="meetings")
    op.drop_table("meetings")
