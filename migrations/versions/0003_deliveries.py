"""Mails that go out: deliveries, the plan of reminders, who is not to be reminded, links that a newer mail superseded

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitations", sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("message_key", sa.String(length=32), nullable=False),
        sa.Column("link_seed", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_allowed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed')", name=op.f("ck_deliveries_state_is_known")
        ),
        sa.CheckConstraint(
            "(kind = 'invitation' AND number = 1) OR (kind = 'reminder' AND number BETWEEN 1 AND 3)",
            name=op.f("ck_deliveries_kind_and_number_are_known"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_deliveries_sent_mail_has_time")
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (link_seed IS NOT NULL)",
            name=op.f("ck_deliveries_only_a_mail_on_its_way_has_a_seed"),
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR reason <> ''", name=op.f("ck_deliveries_failed_mail_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_deliveries_participant_id_participants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_deliveries_asked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_key", name=op.f("uq_deliveries_message_key")),
        sa.UniqueConstraint(
            "participant_id", "kind", "number", name=op.f("uq_deliveries_participant_id_kind_number")
        ),
    )
    op.create_table(
        "reminder_plans",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_reminder_plans_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["accounts.id"], name=op.f("fk_reminder_plans_chosen_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_reminder_plans")),
    )
    op.create_table(
        "reminder_stops",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_reminder_stops_participant_id_participants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_reminder_stops")),
    )


def downgrade() -> None:
    op.drop_table("reminder_stops")
    op.drop_table("reminder_plans")
    op.drop_table("deliveries")
    op.drop_column("invitations", "superseded_at")
