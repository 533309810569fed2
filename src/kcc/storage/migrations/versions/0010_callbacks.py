"""Callbacks and attempts; the mailboxes of departments."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Before what refers to it.
    op.create_index("ix_question_id_contact", "question", ["id", "contact"], unique=True)
    op.add_column("department", sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True))
    op.add_column("department", sa.Column("lead_email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True))
    op.create_table(
        "callback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.Integer(), nullable=True),
        sa.Column("question", sa.Integer(), nullable=True),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("bsn_confirmed_not", sa.Boolean(), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("preferred_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("preferred_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("handed_back_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handed_back_note", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column(
            "closed_as",
            sa.Enum(
                "done",
                "not-reached",
                "withdrawn",
                name="callback_closing",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("closing_note", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("person_alerted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("department_alerted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("lead_alerted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "closed_at IS NOT NULL OR (closed_by IS NULL AND closing_note = '')", name=op.f("ck_callback_closing")
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_callback_language")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_callback_text")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_as IS NULL)", name=op.f("ck_callback_closed")),
        sa.CheckConstraint(
            "department_alerted_at IS NULL OR person_alerted_at IS NOT NULL",
            name=op.f("ck_callback_department_alerted"),
        ),
        sa.CheckConstraint("due_at >= asked_at", name=op.f("ck_callback_due")),
        sa.CheckConstraint(
            "lead_alerted_at IS NULL OR department_alerted_at IS NOT NULL", name=op.f("ck_callback_lead_alerted")
        ),
        sa.CheckConstraint(
            "preferred_until IS NULL OR coalesce(preferred_until > preferred_at, false)",
            name=op.f("ck_callback_preferred"),
        ),
        sa.CheckConstraint("question IS NULL OR contact IS NOT NULL", name=op.f("ck_callback_question")),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_callback_contact_contact")),
        sa.ForeignKeyConstraint(["department"], ["department.code"], name=op.f("fk_callback_department_department")),
        sa.ForeignKeyConstraint(
            ["question", "contact"], ["question.id", "question.contact"], name="fk_callback_question_contact_question"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callback_agent"), ["agent"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_contact"), ["contact"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_department"), ["department"], unique=False)
        batch_op.create_index("ix_callback_due_at_department", ["due_at", "department"], unique=False)
        batch_op.create_index(
            "ix_callback_open_due_at",
            ["due_at"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_callback_open_question",
            ["question"],
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "callback_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("bsn_confirmed_not", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["callback"], ["callback.id"], name=op.f("fk_callback_attempt_callback_callback"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_attempt")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("callback_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callback_attempt_callback"), ["callback"], unique=False)


def downgrade() -> None:
    op.drop_table("callback_attempt")
    op.drop_table("callback")
    op.drop_column("department", "lead_email")
    op.drop_column("department", "email")
    op.drop_index("ix_question_id_contact", "question")
