"""A question knows whether the kennisbank was searched for it, not with which words; queues can get another name."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not by a batch, which would make the table anew: on SQLite what refers to it would be removed with the old one.
    op.execute("ALTER TABLE question ADD COLUMN searched BOOLEAN NOT NULL DEFAULT false")
    op.create_table(
        "queue_rename",
        sa.Column("queue", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("now", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("renamed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("queue <> now", name=op.f("ck_queue_rename_other")),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_queue_rename")),
    )


def downgrade() -> None:
    op.drop_table("queue_rename")
    op.execute("ALTER TABLE question DROP COLUMN searched")
