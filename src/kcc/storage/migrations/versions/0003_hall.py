"""The hall on the day: visits and what happened to them, open counters, devices."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clerk_product",
        sa.Column("clerk", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["product"], ["product.code"], name=op.f("fk_clerk_product_product_product"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clerk", "product", name=op.f("pk_clerk_product")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["location"], ["location.code"], name=op.f("fk_device_location_location"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_table(
        "hall_day",
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("appointments", sa.Integer(), nullable=False),
        sa.Column("walk_ins", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_hall_day_location_location")),
        sa.PrimaryKeyConstraint("location", "day", name=op.f("pk_hall_day")),
    )
    op.create_table(
        "counter_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("clerk", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"], name=op.f("fk_counter_session_counter_counter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_session")),
    )
    with op.batch_alter_table("counter_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counter_session_counter"), ["counter"], unique=False)
        batch_op.create_index(
            "uq_counter_session_open",
            ["counter"],
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("appointment", "walk-in", name="visit_kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("appointment", sa.Integer(), nullable=True),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("planned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("takes_minutes", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "called",
                "serving",
                "parked",
                "finished",
                "missed",
                "left",
                name="visit_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("first_called_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("called_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("served_at", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("serving_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("served_seconds", sa.Integer(), nullable=False),
        sa.Column("place_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "partly",
                "not-possible",
                name="visit_outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint("(counter IS NOT NULL) = (state IN ('called', 'serving'))", name=op.f("ck_visit_counter")),
        sa.CheckConstraint("(kind = 'appointment') = (planned_at IS NOT NULL)", name=op.f("ck_visit_planned")),
        sa.ForeignKeyConstraint(
            ["appointment"], ["appointment.id"], name=op.f("fk_visit_appointment_appointment"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"], name=op.f("fk_visit_counter_counter")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_visit_location_location")),
        sa.ForeignKeyConstraint(["served_at"], ["counter.code"], name=op.f("fk_visit_served_at_counter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("appointment", name=op.f("uq_visit_appointment")),
        sa.UniqueConstraint("location", "day", "number", name=op.f("uq_visit_location_day_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_location_day_state", ["location", "day", "state"], unique=False)
        batch_op.create_index(
            "uq_visit_at_counter",
            ["counter"],
            unique=True,
            postgresql_where=sa.text("counter IS NOT NULL"),
            sqlite_where=sa.text("counter IS NOT NULL"),
        )

    op.create_table(
        "visit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "arrived",
                "called",
                "recalled",
                "returned",
                "started",
                "parked",
                "resumed",
                "transferred",
                "finished",
                "missed",
                "left",
                "corrected",
                name="visit_event_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("out_of_order", sa.Boolean(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("really_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'corrected') = (corrects IS NOT NULL AND really_at IS NOT NULL)",
            name=op.f("ck_visit_event_correction"),
        ),
        sa.ForeignKeyConstraint(["corrects"], ["visit_event.id"], name=op.f("fk_visit_event_corrects_visit_event")),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"], name=op.f("fk_visit_event_counter_counter")),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_visit_event_visit_visit"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("visit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_event_visit"), ["visit"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("visit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_event_visit"))

    op.drop_table("visit_event")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_visit_at_counter",
            postgresql_where=sa.text("counter IS NOT NULL"),
            sqlite_where=sa.text("counter IS NOT NULL"),
        )
        batch_op.drop_index("ix_visit_location_day_state")

    op.drop_table("visit")
    with op.batch_alter_table("counter_session", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_counter_session_open",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_counter_session_counter"))

    op.drop_table("counter_session")
    op.drop_table("hall_day")
    op.drop_table("device")
    op.drop_table("clerk_product")
