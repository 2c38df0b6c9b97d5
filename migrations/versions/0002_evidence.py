"""Evidence from people: the echo check and the corrections

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# A correction stays as it was written; the one change that it knows is to be withdrawn, once.
CORRECTIONS_ARE_A_LOG = {
    "sqlite": (
        "CREATE TRIGGER corrections_are_a_log BEFORE UPDATE ON corrections "
        "WHEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR NEW.id <> OLD.id "
        "OR NEW.round_id <> OLD.round_id OR NEW.first_id <> OLD.first_id OR NEW.second_id <> OLD.second_id "
        "OR NEW.verdict <> OLD.verdict OR NEW.reason <> OLD.reason OR NEW.made_by_id <> OLD.made_by_id "
        "OR NEW.made_at <> OLD.made_at "
        "BEGIN SELECT RAISE(ABORT, 'corrections_are_a_log'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION corrections_are_a_log() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'corrections_are_a_log'; END $$",
        "CREATE TRIGGER corrections_are_a_log BEFORE UPDATE ON corrections FOR EACH ROW "
        "WHEN (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR NEW.id <> OLD.id "
        "OR NEW.round_id <> OLD.round_id OR NEW.first_id <> OLD.first_id OR NEW.second_id <> OLD.second_id "
        "OR NEW.verdict <> OLD.verdict OR NEW.reason <> OLD.reason OR NEW.made_by_id <> OLD.made_by_id "
        "OR NEW.made_at <> OLD.made_at) "
        "EXECUTE FUNCTION corrections_are_a_log()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "echo_checks",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_echo_checks_closes_after_it_opens")),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= opened_at", name=op.f("ck_echo_checks_ends_after_it_opens")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_echo_checks_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_echo_checks")),
    )
    op.create_table(
        "echo_answers",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["echo_checks.round_id"],
            name=op.f("fk_echo_answers_round_id_echo_checks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["sheets.id"], name=op.f("fk_echo_answers_sheet_id_sheets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "sheet_id", name=op.f("pk_echo_answers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "echo_votes",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.String(length=64), nullable=False),
        sa.Column("sheet_id", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('same', 'different', 'opposite', 'unsure')",
            name=op.f("ck_echo_votes_verdict_is_known"),
        ),
        sa.CheckConstraint(
            "voter_id <> sheet_id", name=op.f("ck_echo_votes_nobody_votes_on_their_own_answer")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "voter_id"],
            ["echo_answers.round_id", "echo_answers.sheet_id"],
            name=op.f("fk_echo_votes_round_id_voter_id_echo_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "sheet_id"],
            ["echo_answers.round_id", "echo_answers.sheet_id"],
            name=op.f("fk_echo_votes_round_id_sheet_id_echo_answers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "voter_id", "sheet_id", name=op.f("pk_echo_votes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.String(length=64), nullable=False),
        sa.Column("second_id", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('same', 'different', 'opposite')", name=op.f("ck_corrections_verdict_is_known")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_corrections_reason_is_not_empty")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_corrections_pair_is_two_answers_in_order")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_corrections_withdrawn_correction_has_both"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_corrections_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["sheets.id"], name=op.f("fk_corrections_first_id_sheets"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["sheets.id"], name=op.f("fk_corrections_second_id_sheets"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_corrections_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["accounts.id"], name=op.f("fk_corrections_withdrawn_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_round_id", "corrections", ["round_id"])
    op.create_index(
        "uq_corrections_standing_pair",
        "corrections",
        ["round_id", "first_id", "second_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    for statement in CORRECTIONS_ARE_A_LOG[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("corrections")
    op.drop_table("echo_votes")
    op.drop_table("echo_answers")
    op.drop_table("echo_checks")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION corrections_are_a_log()")
