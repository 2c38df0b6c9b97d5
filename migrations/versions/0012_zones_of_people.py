"""Where people of the directory work, for the hours in which they may be reminded

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "directory_people", sa.Column("time_zone", sa.String(length=64), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("directory_people", "time_zone")
