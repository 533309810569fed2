"""Appointments know that their visitor is here, visits who sent them on, open counters what their clerk is called."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointment", sa.Column("arrived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column(
        "counter_session",
        sa.Column("clerk_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False, server_default=""),
    )
    op.add_column("visit", sa.Column("sent_on_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True))
    op.execute("UPDATE counter_session SET clerk_name = clerk")
    op.execute(
        "UPDATE appointment SET arrived_at ="
        " (SELECT visit.arrived_at FROM visit WHERE visit.appointment = appointment.id)"
    )


def downgrade() -> None:
    op.drop_column("visit", "sent_on_by")
    op.drop_column("counter_session", "clerk_name")
    op.drop_column("appointment", "arrived_at")
