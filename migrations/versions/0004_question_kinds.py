"""Question kinds with their settings, order and conditions; templates of one's own

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ALL_KINDS = (
    "kind IN ('open_text', 'elements', 'priorities', 'fork', 'ranking', 'stage_choice', "
    "'perception_guess', 'confidence')"
)
NEWER_KINDS = "kind NOT IN ('open_text', 'perception_guess')"
FIRST_KINDS = "kind IN ('open_text', 'perception_guess')"


def upgrade() -> None:
    # On SQLite this writes the table anew; app/migrating.py keeps the answers that hang on it.
    with op.batch_alter_table("questions") as questions:
        questions.drop_constraint(op.f("ck_questions_kind_is_known"), type_="check")
        questions.add_column(sa.Column("settings", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        questions.add_column(sa.Column("condition", sa.JSON(none_as_null=True), nullable=True))
        questions.add_column(sa.Column("is_trend", sa.Boolean(), nullable=False, server_default=sa.false()))
        questions.add_column(
            sa.Column("is_previewed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("questions") as questions:
        for column in ("settings", "is_trend", "is_previewed"):
            questions.alter_column(column, server_default=None)
        questions.create_check_constraint(op.f("ck_questions_kind_is_known"), ALL_KINDS)
        questions.create_check_constraint(
            op.f("ck_questions_settings_are_an_object"), "substr(CAST(settings AS TEXT), 1, 1) = '{'"
        )
        questions.create_check_constraint(
            op.f("ck_questions_condition_is_an_object"),
            "condition IS NULL OR substr(CAST(condition AS TEXT), 1, 1) = '{'",
        )
        questions.create_check_constraint(
            op.f("ck_questions_condition_has_a_question_before_it"), "condition IS NULL OR position > 1"
        )
    op.create_table(
        "survey_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_survey_templates_name_is_not_empty")),
        sa.CheckConstraint(
            "substr(CAST(document AS TEXT), 1, 1) = '{'",
            name=op.f("ck_survey_templates_document_is_an_object"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_survey_templates_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_templates")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_survey_templates_organisation_id_name")),
    )
    op.create_index("ix_survey_templates_organisation_id", "survey_templates", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("survey_templates")
    # The older schema has no place for questions of the newer kinds, nor for what was answered to them.
    for table in ("answers", "drafts"):
        op.execute(f"DELETE FROM {table} WHERE question_id IN (SELECT id FROM questions WHERE {NEWER_KINDS})")  # noqa: S608
    op.execute(f"DELETE FROM questions WHERE {NEWER_KINDS}")  # noqa: S608 - both are constants of this file
    with op.batch_alter_table("questions") as questions:
        for name in (
            "kind_is_known",
            "settings_are_an_object",
            "condition_is_an_object",
            "condition_has_a_question_before_it",
        ):
            questions.drop_constraint(op.f(f"ck_questions_{name}"), type_="check")
    with op.batch_alter_table("questions") as questions:
        for column in ("settings", "condition", "is_trend", "is_previewed"):
            questions.drop_column(column)
        questions.create_check_constraint(op.f("ck_questions_kind_is_known"), FIRST_KINDS)
