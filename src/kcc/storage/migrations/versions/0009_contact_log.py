"""The contact log: contacts, their questions, the articles opened in each; topics that became part of another."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "counter",
                "email",
                "chat",
                "web-form",
                "letter",
                "social-media",
                "whatsapp",
                name="contact_channel",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("call", sa.Integer(), nullable=True),
        sa.Column(
            "requester",
            sa.Enum(
                "resident",
                "business",
                "own-organisation",
                name="contact_requester",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("requester_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("case_number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(requester = 'own-organisation') = (department IS NOT NULL)", name=op.f("ck_contact_department")
        ),
        sa.CheckConstraint("(finished_at IS NULL) = is_open", name=op.f("ck_contact_open")),
        sa.ForeignKeyConstraint(["department"], ["department.code"], name=op.f("fk_contact_department_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("id", "is_open", name=op.f("uq_contact_id_is_open")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_agent_started_at", ["agent", "started_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_call"), ["call"], unique=False)
        batch_op.create_index("ix_contact_requester_key_started_at", ["requester_key", "started_at"], unique=False)
        batch_op.create_index("ix_contact_started_at", ["started_at"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.Integer(), nullable=False),
        sa.Column("contact_is_open", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "resolved",
                "transferred",
                "callback",
                "appointment-made",
                "referred",
                "disconnected",
                name="question_outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("colleague", sa.Boolean(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "article",
                "colleague",
                "own-knowledge",
                "department-reached",
                "department-not-reached",
                "callback",
                "no-answer",
                name="question_source",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("bsn_confirmed_not", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(coalesce(outcome, '') = 'transferred') = (reached IS NOT NULL)", name=op.f("ck_question_reached")
        ),
        sa.CheckConstraint(
            "coalesce(outcome, '') NOT IN ('transferred', 'callback') OR department IS NOT NULL",
            name=op.f("ck_question_department"),
        ),
        sa.CheckConstraint(
            "coalesce(outcome, 'disconnected') = 'disconnected' OR topic IS NOT NULL", name=op.f("ck_question_topic")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_question_closed")),
        sa.CheckConstraint("(outcome IS NULL) = (source IS NULL)", name=op.f("ck_question_source")),
        sa.CheckConstraint("outcome IS NOT NULL OR contact_is_open", name=op.f("ck_question_closed_with_contact")),
        sa.ForeignKeyConstraint(
            ["contact", "contact_is_open"],
            ["contact.id", "contact.is_open"],
            name="fk_question_contact_is_open_contact",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["department"], ["department.code"], name=op.f("fk_question_department_department")),
        sa.ForeignKeyConstraint(["topic"], ["topic.code"], name=op.f("fk_question_topic_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("contact", "position", name=op.f("uq_question_contact_position")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_topic"), ["topic"], unique=False)

    op.create_table(
        "topic_merge",
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("merged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("merged_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.CheckConstraint("topic <> target", name=op.f("ck_topic_merge_other")),
        sa.ForeignKeyConstraint(["target"], ["topic.code"], name=op.f("fk_topic_merge_target_topic")),
        sa.ForeignKeyConstraint(["topic"], ["topic.code"], name=op.f("fk_topic_merge_topic_topic")),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_topic_merge")),
    )
    with op.batch_alter_table("topic_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_merge_target"), ["target"], unique=False)

    op.create_table(
        "question_article",
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question"], ["question.id"], name=op.f("fk_question_article_question_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question", "slug", name=op.f("pk_question_article")),
    )


def downgrade() -> None:
    op.drop_table("question_article")
    with op.batch_alter_table("topic_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_merge_target"))

    op.drop_table("topic_merge")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_topic"))

    op.drop_table("question")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_started_at")
        batch_op.drop_index("ix_contact_requester_key_started_at")
        batch_op.drop_index(batch_op.f("ix_contact_call"))
        batch_op.drop_index("ix_contact_agent_started_at")

    op.drop_table("contact")
