"""The moment when a report is shown to the team, section by section; the log of the facilitator's edits

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SECTIONS = (
    "'asked', 'forks', 'camps', 'common_ground', 'themes', 'elements', 'perception', 'number', 'next_steps'"
)
KINDS = "'rename_theme', 'rename_camp', 'move_answer', 'merge_camps', 'split_camp', 'hide_quote', 'comment'"

# A column with its check: SQLite can add both at once, so the table of rounds (with its trigger and all that hangs
# on it) need not be rebuilt.
REVEALED_AT = {
    "sqlite": (
        "ALTER TABLE rounds ADD COLUMN revealed_at DATETIME "
        "CONSTRAINT ck_rounds_revealed_round_is_closed CHECK (revealed_at IS NULL OR state = 'closed')",
    ),
    "postgresql": (
        "ALTER TABLE rounds ADD COLUMN revealed_at TIMESTAMP WITH TIME ZONE",
        "ALTER TABLE rounds ADD CONSTRAINT ck_rounds_revealed_round_is_closed "
        "CHECK (revealed_at IS NULL OR state = 'closed')",
    ),
}

# An edit stays as it was made; the one change that it knows is to be undone, once.
CHANGED = " OR ".join(
    f"NEW.{column} <> OLD.{column}"
    for column in ("id", "round_id", "kind", "subject", "reason", "made_by_id", "made_at")
)
EDITS_ARE_A_LOG = {
    "sqlite": (
        "CREATE TRIGGER report_edits_are_a_log BEFORE UPDATE ON report_edits "
        f"WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.payload <> OLD.payload OR {CHANGED} "
        "BEGIN SELECT RAISE(ABORT, 'report_edits_are_a_log'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION report_edits_are_a_log() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'report_edits_are_a_log'; END $$",
        "CREATE TRIGGER report_edits_are_a_log BEFORE UPDATE ON report_edits FOR EACH ROW "
        "WHEN (OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL "
        f"OR NEW.payload::text <> OLD.payload::text OR {CHANGED}) "
        "EXECUTE FUNCTION report_edits_are_a_log()",
    ),
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in REVEALED_AT[dialect]:
        op.execute(statement)
    op.create_table(
        "reveals",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("revealed_by_id", sa.Integer(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"section IN ({SECTIONS})", name=op.f("ck_reveals_section_is_known")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_reveals_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revealed_by_id"], ["accounts.id"], name=op.f("fk_reveals_revealed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("round_id", "section", name=op.f("pk_reveals")),
    )
    op.create_table(
        "report_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_report_edits_kind_is_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_report_edits_reason_is_not_empty")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_report_edits_undone_edit_has_both")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_report_edits_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_report_edits_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["accounts.id"], name=op.f("fk_report_edits_undone_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_edits")),
    )
    op.create_index("ix_report_edits_round_id", "report_edits", ["round_id"])
    for statement in EDITS_ARE_A_LOG[dialect]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("report_edits")
    op.drop_table("reveals")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION report_edits_are_a_log()")
        op.execute("ALTER TABLE rounds DROP CONSTRAINT ck_rounds_revealed_round_is_closed")
    op.execute("ALTER TABLE rounds DROP COLUMN revealed_at")
