"""Planned events, the roster, and forecasts as they were made."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecast_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("queue", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("quarters", sa.JSON(), nullable=False),
        sa.CheckConstraint("weeks >= 1 AND made_on < day", name=op.f("ck_forecast_day_ahead")),
        sa.PrimaryKeyConstraint("day", "queue", "weeks", name=op.f("pk_forecast_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "planned_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("queue", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.CheckConstraint("factor >= 0", name=op.f("ck_planned_event_factor")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_planned_event_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_event")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "roster_stretch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.CheckConstraint("agents >= 1", name=op.f("ck_roster_stretch_agents")),
        sa.CheckConstraint("begins >= 0 AND begins < ends AND ends <= 1440", name=op.f("ck_roster_stretch_order")),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name=op.f("ck_roster_stretch_weekday")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_stretch")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("roster_stretch")
    op.drop_table("planned_event")
    op.drop_table("forecast_day")
