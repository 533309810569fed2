"""Notes of callbacks, and their alerts one by one, with who was told."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Who an alert went to, from the addresses that there are.
TOLD = {
    "person": "CASE WHEN c.handed_back_at IS NULL AND d.email IS NOT NULL THEN 'department' ELSE 'centre' END",
    "department": "CASE WHEN c.handed_back_at IS NOT NULL THEN 'centre'"
    " WHEN d.lead_email IS NOT NULL THEN 'department-lead' END",
    "lead": "'team-lead'",
}


def upgrade() -> None:
    op.create_table(
        "callback_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "alert",
            sa.Enum("person", "department", "lead", name="alert", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "told",
            sa.Enum(
                "department",
                "department-lead",
                "centre",
                "team-lead",
                name="told",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["callback"], ["callback.id"], name=op.f("fk_callback_alert_callback_callback"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_callback_alert_department_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_alert")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("callback_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callback_alert_callback"), ["callback"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_alert_department"), ["department"], unique=False)

    op.create_table(
        "callback_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=1200), nullable=False),
        sa.Column("bsn_confirmed_not", sa.Boolean(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_callback_note_text")),
        sa.ForeignKeyConstraint(
            ["callback"], ["callback.id"], name=op.f("fk_callback_note_callback_callback"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_note")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("callback_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callback_note_callback"), ["callback"], unique=False)

    for alert, told in TOLD.items():
        op.execute(
            f"INSERT INTO callback_alert (callback, at, alert, department, told)"  # noqa: S608  (constants)
            f" SELECT c.id, c.{alert}_alerted_at, '{alert}', c.department, {told}"
            f" FROM callback AS c JOIN department AS d ON d.code = c.department"
            f" WHERE c.{alert}_alerted_at IS NOT NULL ORDER BY c.id"
        )


def downgrade() -> None:
    with op.batch_alter_table("callback_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_callback_note_callback"))

    op.drop_table("callback_note")
    with op.batch_alter_table("callback_alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_callback_alert_department"))
        batch_op.drop_index(batch_op.f("ix_callback_alert_callback"))

    op.drop_table("callback_alert")
