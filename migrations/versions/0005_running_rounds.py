"""Directory, observers, schedules, notices, answers by day; who tries a draft out, and what the schema says of it

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Two rules that look into another table, so the database holds them by triggers.
# In Unattributed mode nobody joins after the launch: the difference would tell whose answer the new one is.
LIST_IS_FROZEN = "EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND confidentiality = 'unattributed' AND state <> 'draft')"
# Whoever tries a round out is in a draft, or nowhere.
NOT_IN_A_DRAFT = (
    "NEW.is_test AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = 'draft')"
)
# A draft has no answers but those of trying it out: none may be there when it is launched.
IS_TRIED_OUT = (
    "(EXISTS (SELECT 1 FROM participants WHERE round_id = NEW.id AND is_test) "
    "OR EXISTS (SELECT 1 FROM sheets WHERE round_id = NEW.id))"
)


def _sqlite(name: str, event: str, table: str, when: str, *, rule: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{rule}'); END"


def _postgresql(name: str, event: str, table: str, when: str) -> tuple[str, str]:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{name}'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


FROZEN, DRAFTS, PURGED = (
    "participants_are_frozen_at_launch",
    "test_people_only_in_drafts",
    "test_answers_are_purged_at_launch",
)
LAUNCHED = "OLD.state = 'draft' AND NEW.state <> 'draft'"
TRIGGERS = {
    "sqlite": (
        _sqlite(FROZEN, "INSERT", "participants", LIST_IS_FROZEN, rule=FROZEN),
        _sqlite(f"{FROZEN}_moved", "UPDATE OF round_id", "participants", LIST_IS_FROZEN, rule=FROZEN),
        _sqlite(DRAFTS, "INSERT", "participants", NOT_IN_A_DRAFT, rule=DRAFTS),
        _sqlite(
            f"{DRAFTS}_moved", "UPDATE OF round_id, is_test", "participants", NOT_IN_A_DRAFT, rule=DRAFTS
        ),
        _sqlite(PURGED, "UPDATE OF state", "rounds", f"{LAUNCHED} AND {IS_TRIED_OUT}", rule=PURGED),
    ),
    "postgresql": (
        *_postgresql(FROZEN, "INSERT OR UPDATE OF round_id", "participants", LIST_IS_FROZEN),
        *_postgresql(DRAFTS, "INSERT OR UPDATE OF round_id, is_test", "participants", NOT_IN_A_DRAFT),
        *_postgresql(PURGED, "UPDATE OF state", "rounds", f"{LAUNCHED} AND {IS_TRIED_OUT}"),
    ),
}


def upgrade() -> None:
    # Columns with a default are added in place, so on SQLite no table is written anew and no trigger is lost.
    for name in ("function", "level"):
        op.add_column(
            "participants", sa.Column(name, sa.String(length=200), nullable=False, server_default="")
        )
    op.add_column(
        "participants", sa.Column("is_test", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "directory_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("identity", sa.String(length=254), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_directory_people_name_is_not_empty")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_directory_people_email_is_lower_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_directory_people_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_people")),
        sa.UniqueConstraint(
            "organisation_id", "identity", name=op.f("uq_directory_people_organisation_id_identity")
        ),
    )
    op.create_index(
        "uq_directory_people_address",
        "directory_people",
        ["organisation_id", "email"],
        unique=True,
        sqlite_where=sa.text("email <> ''"),
        postgresql_where=sa.text("email <> ''"),
    )
    _create_observers()
    _create_schedules()
    op.create_table(
        "answer_days",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_answer_days_count_is_positive")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_answer_days_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "day", name=op.f("pk_answer_days")),
        sqlite_with_rowid=False,
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def _create_observers() -> None:
    op.create_table(
        "observers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("identity", sa.String(length=254), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_observers_name_is_not_empty")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_observers_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observers")),
        sa.UniqueConstraint("round_id", "identity", name=op.f("uq_observers_round_id_identity")),
    )
    op.create_table(
        "observer_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("observer_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["observer_id"],
            ["observers.id"],
            name=op.f("fk_observer_links_observer_id_observers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_observer_links")),
    )
    op.create_index("ix_observer_links_observer_id", "observer_links", ["observer_id"])


def _create_schedules() -> None:
    op.create_table(
        "scheduled_openings",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_mailing", sa.Boolean(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(refused_at IS NULL) = (refusal = '')", name=op.f("ck_scheduled_openings_refusal_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_scheduled_openings_round_id_rounds"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["accounts.id"], name=op.f("fk_scheduled_openings_chosen_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_scheduled_openings")),
    )
    op.create_table(
        "quarterly_schedules",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at_time", sa.Time(), nullable=False),
        sa.Column("days_open", sa.Integer(), nullable=False),
        sa.Column("closes_at_time", sa.Time(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("is_mailing", sa.Boolean(), nullable=False),
        sa.Column("is_reminding", sa.Boolean(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_quarterly_schedules_number_is_not_negative")),
        sa.CheckConstraint(
            "days_open BETWEEN 1 AND 60", name=op.f("ck_quarterly_schedules_days_open_are_few")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_quarterly_schedules_series_id_series"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["accounts.id"], name=op.f("fk_quarterly_schedules_chosen_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_quarterly_schedules")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_notices_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_notices_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_organisation_id", "notices", ["organisation_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, table in ((FROZEN, "participants"), (DRAFTS, "participants"), (PURGED, "rounds")):
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    else:
        for name in (FROZEN, f"{FROZEN}_moved", DRAFTS, f"{DRAFTS}_moved", PURGED):
            op.execute(f"DROP TRIGGER {name}")
    # The older schema has no place for people who try a round out, nor for what they wrote.
    op.execute("DELETE FROM sheets WHERE round_id IN (SELECT id FROM rounds WHERE state = 'draft')")
    op.execute("DELETE FROM participants WHERE is_test")
    for table in (
        "answer_days",
        "notices",
        "quarterly_schedules",
        "scheduled_openings",
        "observer_links",
        "observers",
        "directory_people",
    ):
        op.drop_table(table)
    for column in ("is_test", "level", "function"):
        op.drop_column("participants", column)
