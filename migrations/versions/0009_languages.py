"""The languages of a round, and the words of its questions in each of them

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # By hand: SQLite adds a column with its check in place, so that the tables keep their triggers.
    op.execute(
        "ALTER TABLE rounds ADD COLUMN languages JSON DEFAULT '[\"en\"]' NOT NULL "
        "CONSTRAINT ck_rounds_languages_are_a_list CHECK (substr(CAST(languages AS TEXT), 1, 2) = '[\"')"
    )
    op.execute(
        "ALTER TABLE questions ADD COLUMN translations JSON DEFAULT '{}' NOT NULL "
        "CONSTRAINT ck_questions_translations_are_an_object "
        "CHECK (substr(CAST(translations AS TEXT), 1, 1) = '{')"
    )


def downgrade() -> None:
    # By hand for the same reason: a rebuild of the table would drop its triggers.
    op.execute("ALTER TABLE questions DROP COLUMN translations")
    op.execute("ALTER TABLE rounds DROP COLUMN languages")
