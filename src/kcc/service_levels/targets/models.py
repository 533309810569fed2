"""The table of targets."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from kcc.service_levels.definitions import Variant
from kcc.service_levels.targets.history import Metric, ScopeKind
from kcc.storage.types import enum_type


class Target(SQLModel, table=True):
    """What is promised from a local day on, until the next one of the same metric and scope.

    `level` is in percent, `threshold` in seconds. `set_by` is the name of who set it last, at `set_at`.
    """

    __table_args__ = (
        UniqueConstraint("metric", "scope", "code", "valid_from"),
        CheckConstraint("level > 0 AND level <= 100", name="level"),
        CheckConstraint("(scope = 'all') = (code = '')", name="code"),
        CheckConstraint("threshold > 0", name="threshold"),
        CheckConstraint("(metric = 'service-level') = (variant IS NOT NULL)", name="variant_fits"),
        CheckConstraint(
            "(metric IN ('service-level', 'counter-wait', 'walk-in-wait')) = (threshold IS NOT NULL)",
            name="threshold_fits",
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    metric: Metric = Field(sa_type=enum_type(Metric, "target_metric"))
    scope: ScopeKind = Field(sa_type=enum_type(ScopeKind, "target_scope"))
    code: str = Field(max_length=80)
    valid_from: date
    level: int
    threshold: int | None = None
    variant: Variant | None = Field(default=None, sa_type=enum_type(Variant, "target_variant", 40), nullable=True)
    set_by: str = Field(max_length=120)
    set_at: datetime
