"""Contacts name calls that there are, and know how they belong to them; who sits at which telephone."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_phone_seat_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_seat")),
    )
    for name in ("agent", "phone"):
        op.create_index(
            f"ix_phone_seat_{name}_now",
            "phone_seat",
            [name],
            unique=True,
            postgresql_where=sa.text("until IS NULL"),
            sqlite_where=sa.text("until IS NULL"),
        )
    op.add_column("call_source", sa.Column("touched_from_ms", sa.BigInteger(), nullable=True))
    op.add_column("call_source", sa.Column("touched_to_ms", sa.BigInteger(), nullable=True))
    # Not by a batch, which would make the table anew: on SQLite what refers to it would be removed with the old one.
    op.drop_index(op.f("ix_contact_call"), "contact")
    op.execute("ALTER TABLE contact RENAME COLUMN call TO call_before")
    op.execute("ALTER TABLE contact ADD COLUMN call INTEGER CONSTRAINT fk_contact_call_call REFERENCES call (id)")
    op.execute("UPDATE contact SET call = call_before WHERE call_before IN (SELECT id FROM call)")
    op.execute("ALTER TABLE contact DROP COLUMN call_before")
    op.create_index(op.f("ix_contact_call"), "contact", ["call"])
    op.execute(
        "ALTER TABLE contact ADD COLUMN call_link VARCHAR(30) NOT NULL DEFAULT 'looking'"
        " CONSTRAINT ck_contact_contact_call_link CHECK (call_link IN ('told', 'found', 'none', 'tie', 'looking'))"
    )
    op.execute("UPDATE contact SET call_link = 'told' WHERE call IS NOT NULL")
    op.create_index(
        "ix_contact_looking",
        "contact",
        ["id"],
        postgresql_where=sa.text("call_link = 'looking'"),
        sqlite_where=sa.text("call_link = 'looking'"),
    )


def downgrade() -> None:
    op.drop_index("ix_contact_looking", "contact")
    op.execute("ALTER TABLE contact DROP COLUMN call_link")
    op.drop_index(op.f("ix_contact_call"), "contact")
    op.execute("ALTER TABLE contact RENAME COLUMN call TO call_before")
    op.add_column("contact", sa.Column("call", sa.Integer(), nullable=True))
    op.execute("UPDATE contact SET call = call_before")
    op.execute("ALTER TABLE contact DROP COLUMN call_before")
    op.create_index(op.f("ix_contact_call"), "contact", ["call"])
    op.drop_column("call_source", "touched_to_ms")
    op.drop_column("call_source", "touched_from_ms")
    op.drop_table("phone_seat")
