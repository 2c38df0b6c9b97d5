"""Minimum counts of a round, set upward before the launch; mails that came back

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FROZEN = "minimum_counts_are_frozen_at_launch"
CHANGED = (
    "OLD.state <> 'draft' AND (NEW.min_answers <> OLD.min_answers "
    "OR NEW.min_theme_answers <> OLD.min_theme_answers)"
)
TRIGGERS = {
    "sqlite": (
        f"CREATE TRIGGER {FROZEN} BEFORE UPDATE OF min_answers, min_theme_answers ON rounds WHEN {CHANGED} "
        f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END",
    ),
    "postgresql": (
        f"CREATE FUNCTION {FROZEN}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{FROZEN}'; END $$",
        f"CREATE TRIGGER {FROZEN} BEFORE UPDATE OF min_answers, min_theme_answers ON rounds FOR EACH ROW "
        f"WHEN ({CHANGED}) EXECUTE FUNCTION {FROZEN}()",
    ),
}


def upgrade() -> None:
    # By hand: SQLite adds a column with its check in place, so that the tables keep their triggers.
    op.execute(
        "ALTER TABLE rounds ADD COLUMN min_answers INTEGER DEFAULT 5 NOT NULL "
        "CONSTRAINT ck_rounds_min_answers_only_go_up CHECK (min_answers >= 5)"
    )
    op.execute(
        "ALTER TABLE rounds ADD COLUMN min_theme_answers INTEGER DEFAULT 8 NOT NULL "
        "CONSTRAINT ck_rounds_min_theme_answers_only_go_up "
        "CHECK (min_theme_answers >= 8 AND min_theme_answers >= min_answers)"
    )
    op.execute(
        "ALTER TABLE deliveries ADD COLUMN bounced_at DATETIME "
        "CONSTRAINT ck_deliveries_only_a_sent_mail_bounces "
        "CHECK (bounced_at IS NULL OR (state = 'sent' AND reason <> ''))"
        if op.get_bind().dialect.name == "sqlite"
        else "ALTER TABLE deliveries ADD COLUMN bounced_at TIMESTAMP WITH TIME ZONE "
        "CONSTRAINT ck_deliveries_only_a_sent_mail_bounces "
        "CHECK (bounced_at IS NULL OR (state = 'sent' AND reason <> ''))"
    )
    op.execute(
        "ALTER TABLE deliveries ADD COLUMN waits INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_deliveries_waits_are_counted CHECK (waits >= 0)"
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {FROZEN} ON rounds")
        op.execute(f"DROP FUNCTION {FROZEN}()")
    else:
        op.execute(f"DROP TRIGGER {FROZEN}")
    op.execute("ALTER TABLE deliveries DROP COLUMN waits")
    op.execute("ALTER TABLE deliveries DROP COLUMN bounced_at")
    op.execute("ALTER TABLE rounds DROP COLUMN min_theme_answers")
    op.execute("ALTER TABLE rounds DROP COLUMN min_answers")
