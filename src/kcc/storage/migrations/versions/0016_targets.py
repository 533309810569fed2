"""Targets with their history."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "metric",
            sa.Enum(
                "service-level",
                "first-contact",
                "counter-wait",
                "walk-in-wait",
                "callbacks-in-time",
                "lead-time",
                name="target_metric",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum(
                "all",
                "queue",
                "topic",
                "department",
                "product",
                "location",
                name="target_scope",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column(
            "variant",
            sa.Enum(
                "offered",
                "answered",
                "drop_abandoned_within_threshold",
                "drop_short_abandoned",
                "abandoned_within_threshold_met",
                name="target_variant",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("set_by", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("(metric = 'service-level') = (variant IS NOT NULL)", name=op.f("ck_target_variant_fits")),
        sa.CheckConstraint(
            "(metric IN ('service-level', 'counter-wait', 'walk-in-wait')) = (threshold IS NOT NULL)",
            name=op.f("ck_target_threshold_fits"),
        ),
        sa.CheckConstraint("(scope = 'all') = (code = '')", name=op.f("ck_target_code")),
        sa.CheckConstraint("level > 0 AND level <= 100", name=op.f("ck_target_level")),
        sa.CheckConstraint("threshold > 0", name=op.f("ck_target_threshold")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "metric", "scope", "code", "valid_from", name=op.f("uq_target_metric_scope_code_valid_from")
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("target")
