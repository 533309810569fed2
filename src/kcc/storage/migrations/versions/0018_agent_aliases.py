"""Pseudonyms of agents in the star schema."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_alias",
        sa.Column(
            "kind",
            sa.Enum("telephone", "account", name="agent_kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("alias", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_agent_alias")),
        sa.UniqueConstraint("alias", name=op.f("uq_agent_alias_alias")),
    )


def downgrade() -> None:
    op.drop_table("agent_alias")
