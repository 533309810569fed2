"""`kcc staffing`: how many agents it takes."""

from typing import Annotated, Any

import typer

from kcc import console
from kcc.service_levels.staffing import limits
from kcc.service_levels.staffing.limits import Limit
from kcc.service_levels.staffing_schemas import StaffingAnswer, StaffingFigures, StaffingQuery
from kcc.service_levels.staffing_schemas import staffing as answer


def _option(limit: Limit, text: str) -> Any:
    return typer.Option(help=text, min=limit.least, max=limit.most)


def staffing(
    calls: Annotated[float, _option(limits.CALLS, "Calls that come, such as 87.5.")],
    per: Annotated[float, _option(limits.PER_MINUTES, "In how many minutes they come.")],
    aht: Annotated[
        float, _option(limits.HANDLING_SECONDS, "Seconds to handle one: conversation, hold and the work after it.")
    ],
    target: Annotated[float, _option(limits.TARGET_PERCENT, "Percentage to answer in time.")] = 80,
    within: Annotated[float, _option(limits.THRESHOLD_SECONDS, "Seconds that are in time.")] = 30,
    patience: Annotated[
        float | None,
        _option(limits.PATIENCE_SECONDS, "Seconds after which callers hang up on average; without it nobody does."),
    ] = None,
    shrinkage: Annotated[
        float, _option(limits.SHRINKAGE_PERCENT, "Percentage of paid time that agents are not at the telephone.")
    ] = 0,
    agents: Annotated[
        int | None,
        typer.Option(help="What so many make of it.", min=int(limits.AGENTS.least), max=int(limits.AGENTS.most)),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell how many agents keep the target, and what becomes of callers with so many."""
    query = StaffingQuery(
        calls=calls,
        per=per,
        aht=aht,
        target=target,
        within=within,
        patience=patience,
        shrinkage=shrinkage,
        agents=agents,
    )
    if query.demand.load > limits.MOST_ERLANG:
        raise console.Refused(
            f"{query.demand.load:.0f} erlang is more work than {limits.MOST_ERLANG:.0f} agents can do; "
            "are --calls, --per (minutes) and --aht (seconds) right?"
        )
    if 0 < shrinkage < 1:
        raise console.Refused(f"--shrinkage is a percentage; for {100 * shrinkage:g} % write {100 * shrinkage:g}")
    found = answer(query)
    typer.echo(found.model_dump_json(by_alias=True) if as_json else "\n".join(_as_table(query, found)))


def _as_table(query: StaffingQuery, found: StaffingAnswer) -> list[str]:
    model = "Erlang C, nobody hangs up" if query.patience is None else f"Erlang A, patience {query.patience:g} s"
    promised = f"{query.target:g} % within {query.within:g} s"
    kept = found.stable and (found.service_level_percent or 0) >= query.target
    return [
        f"{query.calls:g} calls in {query.per:g} minutes of {query.aht:g} s: {found.load_erlang:.2f} erlang ({model})",
        f"{promised} takes {_agents(found.required_agents)}"
        + ("" if query.agents is None else f"; {_agents(found.agents)} {'keep' if kept else 'do not keep'} it"),
        *([f"with {query.shrinkage:g} % shrinkage: {found.scheduled_agents} on the roster"] if query.shrinkage else []),
        "",
        f"  agents  roster{'in time':>10}{'wait at all':>13}{'mean wait':>11}{'hang up':>10}{'busy':>10}",
        *(_row(row, ">" if row.agents == found.agents else " ") for row in found.table),
    ]


def _agents(number: int) -> str:
    return "1 agent" if number == 1 else f"{number} agents"


def _row(row: StaffingFigures, mark: str) -> str:
    begins = f"{mark} {row.agents:6}{row.scheduled_agents:8}"
    if row.average_wait_seconds is None or row.probability_of_waiting is None:
        return f"{begins}   unstable: more comes in than they can do"
    return (
        f"{begins}{_percent(row.service_level_percent):>10}{_percent(100 * row.probability_of_waiting):>13}"
        f"{row.average_wait_seconds:9.1f} s{_percent(row.abandoned_percent):>10}{_percent(row.occupancy_percent):>10}"
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} %"
