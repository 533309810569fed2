"""How far away the first free start was, by day, product and location."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lead_time",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("day", "product", "location", name=op.f("pk_lead_time")),
    )


def downgrade() -> None:
    op.drop_table("lead_time")
