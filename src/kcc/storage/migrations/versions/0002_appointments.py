"""Appointments: the plan, holds, bookings, occupied cells, and idempotency keys."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# taken_block follows occupied_cell. A cell counts there while it is taken for good: while `until` is null.
SQLITE_TRIGGERS = """
CREATE TRIGGER occupied_cell_added AFTER INSERT ON occupied_cell WHEN NEW.until IS NULL BEGIN
    INSERT INTO taken_block (counter, block, mask) VALUES (NEW.counter, NEW.block, 1 << (NEW.cell % 60))
    ON CONFLICT (counter, block) DO UPDATE SET mask = mask | excluded.mask;
END;
CREATE TRIGGER occupied_cell_removed AFTER DELETE ON occupied_cell WHEN OLD.until IS NULL BEGIN
    UPDATE taken_block SET mask = mask & ~(1 << (OLD.cell % 60)) WHERE counter = OLD.counter AND block = OLD.block;
END;
CREATE TRIGGER occupied_cell_kept AFTER UPDATE ON occupied_cell WHEN OLD.until IS NOT NULL AND NEW.until IS NULL BEGIN
    INSERT INTO taken_block (counter, block, mask) VALUES (NEW.counter, NEW.block, 1 << (NEW.cell % 60))
    ON CONFLICT (counter, block) DO UPDATE SET mask = mask | excluded.mask;
END;
CREATE TRIGGER occupied_cell_left AFTER UPDATE ON occupied_cell WHEN OLD.until IS NULL AND NEW.until IS NOT NULL BEGIN
    UPDATE taken_block SET mask = mask & ~(1 << (OLD.cell % 60)) WHERE counter = OLD.counter AND block = OLD.block;
END;
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION follow_occupied_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.until IS NULL THEN
        UPDATE taken_block SET mask = mask & ~(1::bigint << (OLD.cell % 60)::int)
        WHERE counter = OLD.counter AND block = OLD.block;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.until IS NULL THEN
        INSERT INTO taken_block AS known (counter, block, mask)
        VALUES (NEW.counter, NEW.block, 1::bigint << (NEW.cell % 60)::int)
        ON CONFLICT (counter, block) DO UPDATE SET mask = known.mask | excluded.mask;
    END IF;
    RETURN NULL;
END $$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER follow_occupied_cell AFTER INSERT OR UPDATE OR DELETE ON occupied_cell
FOR EACH ROW EXECUTE FUNCTION follow_occupied_cell()
"""


def upgrade_what_there_was() -> None:
    """An English name for topics, and an index on the outbox."""
    with op.batch_alter_table("topic", schema=None) as batch_op:
        # The default is for the rows there are; the application always gives a name.
        batch_op.add_column(
            sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False, server_default="")
        )

    with op.batch_alter_table("outbox_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_entry_open_key",
            ["topic", "key"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )


def upgrade() -> None:
    upgrade_what_there_was()
    op.create_table(
        "idempotency_key",
        sa.Column("key_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("request_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("result", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_key_created_at"), ["created_at"], unique=False)

    op.create_table(
        "location",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "permanent",
                "temporary",
                "home-visit",
                name="location_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.Column("open_from", sa.Date(), nullable=True),
        sa.Column("open_until", sa.Date(), nullable=True),
        sa.Column("walk_ins", sa.Boolean(), nullable=False),
        sa.Column("directions", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("directions_en", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "travel_minutes BETWEEN 0 AND 240 AND travel_minutes % 5 = 0", name=op.f("ck_location_travel")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_location")),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
    )
    op.create_table(
        "product",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn_from", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_product")),
    )
    op.create_table(
        "product_count",
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "opened",
                "online-chosen",
                "begun",
                name="counted_event",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("product", "day", "event", name=op.f("pk_product_count")),
    )
    op.create_table(
        "closing_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("opens_until", sa.Integer(), nullable=False),
        sa.Column("opens_again", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_until % 5 = 0 AND opens_again % 5 = 0", name=op.f("ck_closing_day_cells")),
        sa.CheckConstraint(
            "opens_until >= 0 AND opens_until < opens_again AND opens_again <= 1440", name=op.f("ck_closing_day_hours")
        ),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_closing_day_location_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_day")),
    )
    with op.batch_alter_table("closing_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_day_location"), ["location"], unique=False)
        batch_op.create_index("uq_closing_day_one", ["location", "day", "opens_until", "opens_again"], unique=True)
        batch_op.create_index(
            "uq_closing_day_all",
            ["day", "opens_until", "opens_again"],
            unique=True,
            postgresql_where=sa.text("location IS NULL"),
            sqlite_where=sa.text("location IS NULL"),
        )

    op.create_table(
        "counter",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("open_from", sa.Date(), nullable=True),
        sa.Column("open_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_counter_location_location")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_counter")),
    )
    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counter_location"), ["location"], unique=False)

    op.create_table(
        "location_address",
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["location"], ["location.code"], name=op.f("fk_location_address_location_location"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("location", "valid_from", name=op.f("pk_location_address")),
    )
    op.create_table(
        "location_product",
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["location"], ["location.code"], name=op.f("fk_location_product_location_location"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product"], ["product.code"], name=op.f("fk_location_product_product_product"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("location", "product", name=op.f("pk_location_product")),
    )
    with op.batch_alter_table("location_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_location_product_product"), ["product"], unique=False)

    op.create_table(
        "opening_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("only_on", sa.Date(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.Column("counters", sa.Integer(), nullable=True),
        sa.Column("staff_only", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("(weekday IS NULL) <> (only_on IS NULL)", name=op.f("ck_opening_rule_weekday_or_day")),
        sa.CheckConstraint("counters IS NULL OR counters > 0", name=op.f("ck_opening_rule_counters")),
        sa.CheckConstraint("opens % 5 = 0 AND closes % 5 = 0", name=op.f("ck_opening_rule_cells")),
        sa.CheckConstraint("opens >= 0 AND opens < closes AND closes <= 1440", name=op.f("ck_opening_rule_hours")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_opening_rule_weekday")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_opening_rule_location_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_rule")),
    )
    with op.batch_alter_table("opening_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_rule_location"), ["location"], unique=False)

    op.create_table(
        "product_combination",
        sa.Column("first", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("second", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.CheckConstraint("first <> second", name=op.f("ck_product_combination_two")),
        sa.ForeignKeyConstraint(
            ["first"], ["product.code"], name=op.f("fk_product_combination_first_product"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second"], ["product.code"], name=op.f("fk_product_combination_second_product"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_product_combination")),
    )
    op.create_table(
        "product_terms",
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("upl", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("further_person_minutes", sa.Integer(), nullable=False),
        sa.Column("preparation_minutes", sa.Integer(), nullable=False),
        sa.Column("step_minutes", sa.Integer(), nullable=True),
        sa.Column("max_persons", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("bring", sa.JSON(), nullable=False),
        sa.Column("bring_en", sa.JSON(), nullable=False),
        sa.Column("costs", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("costs_en", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("online_url", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("staff_only", sa.Boolean(), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 480", name=op.f("ck_product_terms_duration")),
        sa.CheckConstraint("further_person_minutes BETWEEN 0 AND 480", name=op.f("ck_product_terms_further_person")),
        sa.CheckConstraint("horizon_days BETWEEN 0 AND 730", name=op.f("ck_product_terms_horizon")),
        sa.CheckConstraint("max_persons BETWEEN 1 AND 20", name=op.f("ck_product_terms_max_persons")),
        sa.CheckConstraint("notice_minutes >= 0", name=op.f("ck_product_terms_notice")),
        sa.CheckConstraint("preparation_minutes BETWEEN 0 AND 480", name=op.f("ck_product_terms_preparation")),
        sa.CheckConstraint(
            "step_minutes IS NULL OR (step_minutes BETWEEN 5 AND 480 AND step_minutes % 5 = 0)",
            name=op.f("ck_product_terms_step"),
        ),
        sa.ForeignKeyConstraint(
            ["product"], ["product.code"], name=op.f("fk_product_terms_product_product"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product", "valid_from", name=op.f("pk_product_terms")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "booked", "cancelled", name="appointment_status", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
        sa.Column("email_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("booked_by_staff", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("earlier_asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "told_misfit",
            sa.Enum(
                "no-counter",
                "not-here",
                "not-offered",
                "closed",
                name="misfit",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f("ck_appointment_cancelled")
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_appointment_language")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_order")),
        sa.CheckConstraint("(told_misfit IS NULL) = (told_at IS NULL)", name=op.f("ck_appointment_told")),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"], name=op.f("fk_appointment_counter_counter")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_appointment_location_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("code", name=op.f("uq_appointment_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_appointment_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_earlier_asked_at"), ["earlier_asked_at"], unique=False)
        batch_op.create_index("ix_appointment_email_key_starts_at", ["email_key", "starts_at"], unique=False)
        batch_op.create_index("ix_appointment_location_starts_at", ["location", "starts_at"], unique=False)

    op.create_table(
        "counter_product",
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter"], ["counter.code"], name=op.f("fk_counter_product_counter_counter"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product"], ["product.code"], name=op.f("fk_counter_product_product_product"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("counter", "product", name=op.f("pk_counter_product")),
    )
    with op.batch_alter_table("counter_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counter_product_product"), ["product"], unique=False)

    op.create_table(
        "taken_block",
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("mask", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"], name=op.f("fk_taken_block_counter_counter")),
        sa.PrimaryKeyConstraint("counter", "block", name=op.f("pk_taken_block")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "appointment_product",
        sa.Column("appointment", sa.Integer(), nullable=False),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons > 0", name=op.f("ck_appointment_product_persons")),
        sa.ForeignKeyConstraint(
            ["appointment"],
            ["appointment.id"],
            name=op.f("fk_appointment_product_appointment_appointment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["product"], ["product.code"], name=op.f("fk_appointment_product_product_product")),
        sa.PrimaryKeyConstraint("appointment", "product", name=op.f("pk_appointment_product")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("id_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("offered_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"], name=op.f("fk_hold_counter_counter")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_hold_location_location")),
        sa.ForeignKeyConstraint(
            ["offered_to"], ["appointment.id"], name=op.f("fk_hold_offered_to_appointment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("id_hash", name=op.f("uq_hold_id_hash")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_offered_to"), ["offered_to"], unique=False)

    op.create_table(
        "occupied_cell",
        sa.Column("counter", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("cell", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hold", sa.Integer(), nullable=True),
        sa.Column("appointment", sa.Integer(), nullable=True),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(hold IS NULL) <> (appointment IS NULL)", name=op.f("ck_occupied_cell_holder")),
        sa.CheckConstraint("block = cell / 60", name=op.f("ck_occupied_cell_block")),
        sa.CheckConstraint("hold IS NULL OR until IS NOT NULL", name=op.f("ck_occupied_cell_hold_expires")),
        sa.CheckConstraint(
            "released = (appointment IS NOT NULL AND until IS NOT NULL)", name=op.f("ck_occupied_cell_released")
        ),
        sa.ForeignKeyConstraint(
            ["appointment"],
            ["appointment.id"],
            name=op.f("fk_occupied_cell_appointment_appointment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"], name=op.f("fk_occupied_cell_counter_counter")),
        sa.ForeignKeyConstraint(["hold"], ["hold.id"], name=op.f("fk_occupied_cell_hold_hold"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("counter", "block", "cell", name=op.f("pk_occupied_cell")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("occupied_cell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occupied_cell_appointment"), ["appointment"], unique=False)
        batch_op.create_index(batch_op.f("ix_occupied_cell_hold"), ["hold"], unique=False)
        batch_op.create_index(
            "ix_occupied_cell_passing",
            ["counter", "block"],
            unique=False,
            postgresql_where=sa.text("until IS NOT NULL"),
            sqlite_where=sa.text("until IS NOT NULL"),
        )

    if op.get_bind().dialect.name == "sqlite":
        for trigger in SQLITE_TRIGGERS.split("END;\n")[:-1]:
            op.execute(f"{trigger}END")
    else:
        op.execute(POSTGRESQL_FUNCTION)
        op.execute(POSTGRESQL_TRIGGER)


def downgrade() -> None:
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_column("name_en")

    with op.batch_alter_table("occupied_cell", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_occupied_cell_passing",
            postgresql_where=sa.text("until IS NOT NULL"),
            sqlite_where=sa.text("until IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_occupied_cell_hold"))
        batch_op.drop_index(batch_op.f("ix_occupied_cell_appointment"))

    op.drop_table("occupied_cell")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hold_offered_to"))
        batch_op.drop_index(batch_op.f("ix_hold_expires_at"))

    op.drop_table("hold")
    op.drop_table("appointment_product")
    op.drop_table("taken_block")
    with op.batch_alter_table("counter_product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_counter_product_product"))

    op.drop_table("counter_product")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_location_starts_at")
        batch_op.drop_index("ix_appointment_email_key_starts_at")
        batch_op.drop_index(batch_op.f("ix_appointment_earlier_asked_at"))

    op.drop_table("appointment")
    op.drop_table("product_terms")
    op.drop_table("product_combination")
    with op.batch_alter_table("opening_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_rule_location"))

    op.drop_table("opening_rule")
    with op.batch_alter_table("location_product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_location_product_product"))

    op.drop_table("location_product")
    op.drop_table("location_address")
    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_counter_location"))

    op.drop_table("counter")
    with op.batch_alter_table("closing_day", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_closing_day_all",
            postgresql_where=sa.text("location IS NULL"),
            sqlite_where=sa.text("location IS NULL"),
        )
        batch_op.drop_index("uq_closing_day_one")
        batch_op.drop_index(batch_op.f("ix_closing_day_location"))

    op.drop_table("closing_day")
    op.drop_table("product_count")
    op.drop_table("product")
    op.drop_table("plan_version")
    op.drop_table("location")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_key_created_at"))

    op.drop_table("idempotency_key")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION follow_occupied_cell")
    with op.batch_alter_table("outbox_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_entry_open_key",
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )
