"""What crosses the wire about how many agents it takes; the command answers the same."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from kcc.service_levels.definitions import Variant
from kcc.service_levels.staffing.erlang import Demand, Fate
from kcc.service_levels.staffing.limits import (
    AGENTS,
    CALLS,
    HANDLING_SECONDS,
    PATIENCE_SECONDS,
    PER_MINUTES,
    SHRINKAGE_PERCENT,
    TARGET_PERCENT,
    THRESHOLD_SECONDS,
    Limit,
)
from kcc.service_levels.staffing.requirement import NEIGHBOURS, Target, around, fewest, scheduled
from kcc.web.fields import says
from kcc.web.requests import Wire


def _between(limit: Limit) -> tuple[object, object]:
    """A number within a limit, and the sentence for what is not."""
    sentence = f"vul een getal van {limit.least:g} tot en met {limit.most:.10g} in, met een punt voor decimalen"
    return Field(ge=limit.least, le=limit.most, allow_inf_nan=False), says(sentence)


class StaffingQuery(Wire):
    """So many calls per so many minutes, each of `aht` seconds; `target` percent answered within so many seconds.

    `patience`: after how many seconds callers hang up on average. `agents`: what so many make of it.
    """

    calls: Annotated[float, *_between(CALLS)] = Field(json_schema_extra={"example": 100})
    per: Annotated[float, *_between(PER_MINUTES)] = Field(json_schema_extra={"example": 30})
    aht: Annotated[float, *_between(HANDLING_SECONDS)] = Field(json_schema_extra={"example": 180})
    target: Annotated[float, *_between(TARGET_PERCENT)] = 80
    within: Annotated[float, *_between(THRESHOLD_SECONDS)] = 30
    patience: Annotated[float, *_between(PATIENCE_SECONDS)] | SkipJsonSchema[None] = None
    shrinkage: Annotated[float, *_between(SHRINKAGE_PERCENT)] = 0
    agents: Annotated[int, *_between(AGENTS)] | SkipJsonSchema[None] = None

    @property
    def demand(self) -> Demand:
        """What there is to do."""
        return Demand(self.calls / (60 * self.per), self.aht, self.patience)


class StaffingDefinition(Wire):
    """What service level is meant, and what is promised of it."""

    variant: Literal[Variant.OFFERED]
    threshold_seconds: float
    target_percent: float


class StaffingFigures(Wire):
    """What becomes of callers with so many agents; figures are null when the queue would grow for ever."""

    agents: int
    scheduled_agents: int
    stable: bool
    service_level_percent: float | None
    probability_of_waiting: float | None
    average_wait_seconds: float | None
    abandoned_percent: float | None
    occupancy_percent: float | None


class StaffingAnswer(StaffingFigures):
    """With the agents that were asked about, or else the fewest that keep the target (`requiredAgents`).

    `scheduledAgents` are those with shrinkage; `table` has the numbers of agents around it.
    """

    definition: StaffingDefinition
    model: Literal["erlang-c", "erlang-a"]
    load_erlang: float
    required_agents: int
    table: list[StaffingFigures]


def staffing(query: StaffingQuery) -> StaffingAnswer:
    """The answer to a question whose load is at most MOST_ERLANG."""
    demand = query.demand
    required = fewest(demand, Target(query.target, query.within))
    assert required is not None  # within the limits there always is one
    agents = required if query.agents is None else query.agents
    table = [_figures(row.agents, row.fate, query.shrinkage) for row in around(demand, agents, query.within)]
    chosen = table[min(agents - 1, NEIGHBOURS)]
    return StaffingAnswer(
        **chosen.model_dump(),
        definition=StaffingDefinition(
            variant=Variant.OFFERED, threshold_seconds=query.within, target_percent=query.target
        ),
        model="erlang-c" if query.patience is None else "erlang-a",
        load_erlang=demand.load,
        required_agents=required,
        table=table,
    )


def _figures(agents: int, fate: Fate | None, shrinkage: float) -> StaffingFigures:
    return StaffingFigures(
        agents=agents,
        scheduled_agents=scheduled(agents, shrinkage),
        stable=fate is not None,
        service_level_percent=fate and 100 * fate.offered,
        probability_of_waiting=fate and fate.waiting,
        average_wait_seconds=fate and fate.average_wait,
        abandoned_percent=fate and 100 * fate.abandoned,
        occupancy_percent=fate and 100 * fate.occupancy,
    )
