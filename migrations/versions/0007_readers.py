"""Links for named readers of a report; an organisation's own PowerPoint template

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reader_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_count", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_reader_links_name_is_not_empty")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_reader_links_link_ends_after_it_begins")),
        sa.CheckConstraint(
            "(opened_count = 0) = (last_opened_at IS NULL)", name=op.f("ck_reader_links_opened_link_has_time")
        ),
        sa.CheckConstraint("opened_count >= 0", name=op.f("ck_reader_links_opened_count_is_a_count")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_reader_links_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_reader_links_created_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reader_links_token_hash")),
    )
    op.create_index(op.f("ix_reader_links_round_id"), "reader_links", ["round_id"])
    op.create_table(
        "house_templates",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("file_name <> ''", name=op.f("ck_house_templates_file_name_is_not_empty")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_house_templates_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["accounts.id"], name=op.f("fk_house_templates_uploaded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_house_templates")),
    )


def downgrade() -> None:
    op.drop_table("house_templates")
    op.drop_index(op.f("ix_reader_links_round_id"), table_name="reader_links")
    op.drop_table("reader_links")
