"""Changes of calls are taken a day at a time; counts are read a queue at a time."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_call_change_quarter", "call_change", ["quarter"])
    op.create_index("ix_call_quarter_queue", "call_quarter", ["queue", "start"])
    op.create_index("ix_call_day_queue", "call_day", ["queue", "day"])


def downgrade() -> None:
    op.drop_index("ix_call_day_queue", "call_day")
    op.drop_index("ix_call_quarter_queue", "call_quarter")
    op.drop_index("ix_call_change_quarter", "call_change")
