"""A question knows whether the kennisbank was searched for it; not with which words."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not by a batch, which would make the table anew: on SQLite what refers to it would be removed with the old one.
    op.execute("ALTER TABLE question ADD COLUMN searched BOOLEAN NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE question DROP COLUMN searched")
