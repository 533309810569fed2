"""What crosses the wire about targets."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from kcc.service_levels.definitions import Variant
from kcc.service_levels.schemas import Queue
from kcc.service_levels.targets.history import EVERYTHING, Kept, Metric, Norm, Scope, ScopeKind
from kcc.service_levels.targets.models import Target
from kcc.service_levels.targets.wording import threshold_problem
from kcc.web.fields import WHOLE, Code, Day, Moment, says
from kcc.web.paging import Page
from kcc.web.requests import Wire

Level = Annotated[int, Field(strict=True, ge=1, le=100), WHOLE, says("vul een heel percentage van 1 tot en met 100 in")]
Threshold = Annotated[
    int, Field(strict=True, ge=1, le=7200), WHOLE, says("vul een heel aantal van 1 tot en met 7200 in")
]


class ScopeContent(Wire):
    """What a target is for: one of these, or nothing for everything."""

    queue: Queue | None = None
    topic: Code | None = Field(default=None, json_schema_extra={"description": "Code of a group of topics."})
    department: Code | None = None
    product: Code | None = None
    location: Code | None = None

    @model_validator(mode="after")
    def _one(self) -> "ScopeContent":
        if len(self._named) > 1:
            raise ValueError("noem er ten hoogste één: wachtrij, onderwerpgroep, vakafdeling, product of locatie")
        return self

    @property
    def _named(self) -> list[Scope]:
        return [Scope(ScopeKind(name), code) for name, code in self.model_dump().items() if code is not None]

    @property
    def scope(self) -> Scope:
        """The same for the core."""
        return next(iter(self._named), EVERYTHING)


class TargetContent(Wire):
    """A target to set."""

    metric: Metric
    scope: ScopeContent = Field(default_factory=ScopeContent)
    valid_from: Day = Field(json_schema_extra={"description": "The first local day on which it holds."})
    level: Level = Field(json_schema_extra={"description": "In percent."})
    threshold: Threshold | None = Field(
        default=None, validate_default=True, json_schema_extra={"description": "In seconds."}
    )
    variant: Variant | None = Field(
        default=None, json_schema_extra={"description": "Of the service level only; offered when left out."}
    )

    @field_validator("threshold", mode="after")
    @classmethod
    def _fits(cls, value: int | None, info: ValidationInfo) -> int | None:
        wrong = threshold_problem(info.data["metric"], value) if "metric" in info.data else None
        if wrong:
            raise ValueError(wrong)
        return value

    @field_validator("variant", mode="after")
    @classmethod
    def _has_variants(cls, value: Variant | None, info: ValidationInfo) -> Variant | None:
        if value is not None and info.data.get("metric") not in (None, Metric.SERVICE_LEVEL):
            raise ValueError("alleen het servicelevel van de telefoon heeft varianten; laat dit leeg")
        return value

    @property
    def kept(self) -> Kept:
        """The same for the core."""
        variant = (self.variant or Variant.OFFERED) if self.metric is Metric.SERVICE_LEVEL else self.variant
        return Kept(self.metric, self.scope.scope, self.valid_from, Norm(self.level, self.threshold, variant))


class TargetsQuery(Page):
    """Which targets: of one metric when given."""

    metric: Metric | Literal[""] = ""


class TargetItem(Wire):
    """A target, from its first day to its last. `until` is null while no next one is known."""

    id: int
    metric: Metric
    scope: ScopeContent
    valid_from: date
    until: date | None
    level: int
    threshold: int | None
    variant: Variant | None
    set_by: str
    set_at: Moment


class DefaultItem(Wire):
    """What the settings say: holds until the day on which the first target of its metric begins."""

    metric: Metric
    level: int | None
    threshold: int | None
    variant: Variant | None


class TargetList(Wire):
    """Every target with its history, each metric and scope together and the newest first, and the defaults."""

    total: int
    next: str | None
    results: list[TargetItem]
    defaults: list[DefaultItem]


def target_item(row: Target, until: date | None) -> TargetItem:
    """A row as it crosses the wire."""
    scope = ScopeContent() if row.scope is ScopeKind.ALL else ScopeContent(**{row.scope.value: row.code})
    return TargetItem(
        id=row.id or 0,
        metric=row.metric,
        scope=scope,
        valid_from=row.valid_from,
        until=until,
        level=row.level,
        threshold=row.threshold,
        variant=row.variant,
        set_by=row.set_by,
        set_at=row.set_at,
    )


def default_item(metric: Metric, norm: Norm) -> DefaultItem:
    """A default as it crosses the wire."""
    return DefaultItem(metric=metric, level=norm.level, threshold=norm.threshold, variant=norm.variant)
