"""The link of a device lets in once; the browser that used it has a secret of its own."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
        batch_op.add_column(sa.Column("claimed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    # Until now the link's secret was the browser's too: who has it keeps it, and it lets in nobody else.
    op.execute("UPDATE device SET link_hash = token_hash, claimed_at = created_at")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.alter_column("link_hash", existing_type=sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False)
        batch_op.alter_column("token_hash", existing_type=sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True)
        batch_op.create_unique_constraint(op.f("uq_device_link_hash"), ["link_hash"])


def downgrade() -> None:
    op.execute("DELETE FROM device WHERE token_hash IS NULL")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_device_link_hash"), type_="unique")
        batch_op.alter_column("token_hash", existing_type=sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False)
        batch_op.drop_column("claimed_at")
        batch_op.drop_column("link_hash")
