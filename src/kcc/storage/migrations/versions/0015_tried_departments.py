"""A question knows that its department was tried before it calls back; an agent may work without a telephone."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not by a batch, which would make the table anew: on SQLite what refers to it would be removed with the old one.
    op.execute(
        "ALTER TABLE question ADD COLUMN tried BOOLEAN NOT NULL DEFAULT false"
        " CONSTRAINT ck_question_tried CHECK (NOT tried OR coalesce(outcome, '') = 'callback')"
    )
    op.create_table(
        "phone_free",
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_phone_free")),
    )


def downgrade() -> None:
    op.drop_table("phone_free")
    op.execute("ALTER TABLE question DROP COLUMN tried")
