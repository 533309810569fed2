"""`kcc export`: the star schema as files."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kcc import console
from kcc.service_levels.export.exporting import NotOurs, Written, export
from kcc.settings import load_settings
from kcc.storage.database import Database

DAY_FORMAT = ["%Y-%m-%d"]


def export_command(
    folder: Annotated[Path, typer.Argument(help="Folder for the files: an empty one, or that of an earlier export.")],
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAY_FORMAT, help="First day; of all there is.")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY_FORMAT, help="Last day; today.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all went well.")] = False,
) -> None:
    """Write the star schema as Parquet and CSV: the whole months in which these days lie. Twice is once."""
    if first and last and last < first:
        raise console.Refused(f"--to {last.date()} is before --from {first.date()}")
    clock = load_settings().make_clock()

    async def work(database: Database) -> list[Written]:
        days = (first and first.date(), last and last.date())
        return await export(database, folder, clock, *days)

    try:
        done = console.with_database(work)
    except NotOurs as problem:
        raise console.Refused(str(problem)) from None
    if quiet:
        return
    typer.echo(f"{'':<22}{'rows':>12}{'months':>9}{'changed':>9}")
    for one in done:
        months = one.files if one.table.startswith("fact_") else ""
        typer.echo(f"{one.table:<22}{one.rows:>12}{months:>9}{one.changed:>9}")
