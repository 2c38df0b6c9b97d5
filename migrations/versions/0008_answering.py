"""How a round lays out its questions; how far people got and how long questions take, as counts that name nobody

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # By hand: SQLite adds a column with its check in place, so that the table keeps its triggers.
    op.execute(
        "ALTER TABLE rounds ADD COLUMN layout VARCHAR(20) DEFAULT 'one_question' NOT NULL "
        "CONSTRAINT ck_rounds_layout_is_known CHECK (layout IN ('one_question', 'one_page'))"
    )
    op.create_table(
        "question_counts",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("n_reached", sa.Integer(), nullable=False),
        sa.Column("n_left", sa.Integer(), nullable=False),
        sa.CheckConstraint("n_reached > 0", name=op.f("ck_question_counts_somebody_reached_it")),
        sa.CheckConstraint(
            "n_left BETWEEN 0 AND n_reached", name=op.f("ck_question_counts_who_left_had_reached_it")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_counts_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_times",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_question_times_count_is_positive")),
        sa.CheckConstraint("up_to > 0", name=op.f("ck_question_times_step_is_positive")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_times_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "up_to", name=op.f("pk_question_times")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("question_times")
    op.drop_table("question_counts")
    op.execute("ALTER TABLE rounds DROP COLUMN layout")
