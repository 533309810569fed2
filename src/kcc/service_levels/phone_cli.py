"""`kcc report`: service levels of calls on the command line."""

import csv
import sys
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from kcc import console
from kcc.service_levels.definitions import SHORT, Variant
from kcc.service_levels.histograms import LONGEST
from kcc.service_levels.periods import By
from kcc.service_levels.phone.counter import CallCounter
from kcc.service_levels.phone.levels import Asked, Level, Rules, levels
from kcc.service_levels.phone_schemas import ServiceLevelsAnswer, answer
from kcc.service_levels.rollups.counter import DayCounter
from kcc.service_levels.targets.judging import as_promised
from kcc.service_levels.targets.reading import targets
from kcc.settings import load_settings
from kcc.storage.database import Database

DAY_FORMAT = ["%Y-%m-%d"]


class Format(StrEnum):
    """How the report is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Split(StrEnum):
    """What is shown apart."""

    QUEUE = "queue"


def report(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAY_FORMAT, help="First day; this month's.")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY_FORMAT, help="Last day; today.")] = None,
    by: Annotated[By, typer.Option(help="How long each interval is.")] = By.DAY,
    queue: Annotated[list[str] | None, typer.Option(help="Only this queue; may be given more than once.")] = None,
    split: Annotated[Split | None, typer.Option(help="Each queue apart.")] = None,
    variant: Annotated[Variant | None, typer.Option(help="Which service level; the target's.")] = None,
    threshold: Annotated[
        int | None,
        typer.Option(help="Seconds within which calls should be answered; the target's.", min=0, max=LONGEST - 1),
    ] = None,
    short: Annotated[
        int, typer.Option(help="Abandoned within so many seconds is short.", min=0, max=LONGEST - 1)
    ] = SHORT,
    written: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.TABLE,
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Count all calls, questions, callbacks and visits anew first.")
    ] = False,
) -> None:
    """Service levels of calls: how many were answered, and how many in time."""
    settings = load_settings()
    clock = settings.make_clock()
    today = clock.today()
    until = last.date() if last else max(today, first.date() if first else today)
    since = first.date() if first else until.replace(day=1)
    if until < since:
        raise console.Refused(f"--to {until} is before --from {since}")
    wanted = Asked(since, until, by, tuple(queue or ()), split is Split.QUEUE, Rules(short=short))

    async def work(database: Database) -> tuple[Rules, list[Level]]:
        counter = CallCounter(database, clock)
        if rebuild:
            days = await counter.rebuild()
            await DayCounter(database, clock, settings.repeat_days).rebuild()
            console.note(f"{days} days counted anew")
        await counter.settle()
        async with database.reading() as session:
            asked = as_promised(wanted, await targets(session, settings), clock.today(), variant, threshold)
            return asked.rules, await levels(session, asked, clock.timezone)

    found = answer(*console.with_database(work))
    if written is Format.JSON:
        typer.echo(found.model_dump_json(by_alias=True, indent=2))
    elif written is Format.CSV:
        _csv(found)
    else:
        _table(found, clock.timezone)


def _csv(found: ServiceLevelsAnswer) -> None:
    rows = [row.model_dump(mode="json", by_alias=True) for row in found.rows]
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _table(found: ServiceLevelsAnswer, zone: ZoneInfo) -> None:
    definition = found.definition
    typer.echo(
        f"service level {definition.variant}, within {definition.threshold_seconds} s, short up to"
        f" {definition.short_seconds} s, version {definition.version}"
    )
    typer.echo(f"{'':<30}{'offered':>9}{'answered':>10}{'in time':>9}{'abandoned':>11}{'level':>9}{'speed':>9}")
    for row in found.rows:
        start = f"{row.start.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(row.start, datetime) else str(row.start)
        level = "no data" if row.service_level_percent is None else f"{row.service_level_percent:.1f} %"
        speed = "" if row.average_speed_of_answer is None else f"{row.average_speed_of_answer:.0f} s"
        typer.echo(
            f"{start + ' ' + (row.queue or ''):<30}{row.offered:>9}{row.answered:>10}{row.answered_within:>9}"
            f"{row.abandoned:>11}{level:>9}{speed:>9}"
        )
