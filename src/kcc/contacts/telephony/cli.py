"""`kcc calls`: what the telephone exchange says."""

import asyncio
import signal
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from kcc import console
from kcc.contacts.telephony.calls import CallRecord
from kcc.contacts.telephony.following import Follower, Progress, Taken
from kcc.contacts.telephony.importing import Imported, import_log
from kcc.contacts.telephony.importing_csv import import_csv
from kcc.contacts.telephony.keys import Keys, struck_out
from kcc.contacts.telephony.local_times import LocalTimes
from kcc.contacts.telephony.mapping import Mapping, UnusableMapping, read_mapping
from kcc.contacts.telephony.simulating import Plan, queue_log
from kcc.contacts.telephony.sources import new_secret
from kcc.settings import Settings, load_settings
from kcc.storage.database import Database

ROWS_SHOWN = 5
TELL_SECONDS = 10.0
calls = typer.Typer(no_args_is_help=True, help="The telephone exchange's calls.")


class Format(StrEnum):
    """How a file tells of calls."""

    QUEUE_LOG = "queue-log"
    CSV = "csv"


SourceOption = Annotated[
    str, typer.Option("--source", help="Code of the exchange; parts of one log need the same.", show_default=False)
]


@calls.command(name="import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A queue_log (also .gz) or a CSV file.")],
    form: Annotated[Format, typer.Option("--format", help="What the file is.")] = Format.QUEUE_LOG,
    timezone: Annotated[str, typer.Option(help="Time zone of local times; without it KCC_TIMEZONE.")] = "",
    mapping: Annotated[Path | None, typer.Option(help="TOML file that tells what the columns of a CSV are.")] = None,
    source: SourceOption = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and tell; keep nothing.")] = False,
) -> None:
    """Import what an exchange wrote. The same events again, in parts or in another order, change nothing."""
    settings = load_settings()
    if not file.is_file():
        raise console.Refused(f"no such file: {file}")
    if (form is Format.CSV) != (mapping is not None):
        raise console.Refused("--format csv and --mapping FILE go together: the mapping tells what the columns are")
    code = source_code(source or form)
    columns = _mapping(mapping) if mapping is not None else None
    times = LocalTimes(_zone(timezone or (columns and columns.timezone) or settings.timezone))
    keys = keys_of(settings)
    shown = 0

    def refuse(number: int, line: str, problem: str) -> None:
        typer.echo(f"{file}:{number}: {problem}: {struck_out(line[:100])!r}", err=True)

    def show(number: int, call: CallRecord) -> None:
        nonlocal shown
        if dry_run and shown < ROWS_SHOWN:
            typer.echo(f"line {number}: {_readable(call)}")
            shown += 1

    async def work(database: Database | None) -> Imported:
        with console.progress(file.name) as tell:
            if columns is None:
                return await import_log(database, code, file, keys, refuse, tell, times.seconds)
            times.formats = (columns.date_format,)
            return await import_csv(database, code, file, columns, times, keys, refuse, tell, show)

    try:
        done = console.run(work(None)) if dry_run else console.with_database(work)
    except UnusableMapping as error:
        raise console.Refused(str(error)) from None
    except EOFError as error:  # packed, and cut off
        raise console.Refused(f"{file} is damaged: {error}; what could be read is in") from None
    _tell(done, times, settings, dry_run=dry_run)


def _tell(done: Imported, times: LocalTimes, settings: Settings, *, dry_run: bool) -> None:
    kept = "would be read" if dry_run else "new"
    console.note(f"{done.new} events {kept}, {done.known} known already, {done.unread} lines not read")
    if times.told or times.guessed:
        console.note(
            f"{times.told + times.guessed} times lie in the hour that came twice when the clock went back: "
            f"{times.told} were told apart by their call id, {times.guessed} were taken as the first"
        )
    now = settings.make_clock().now()
    if done.last_ms > (now.timestamp() + 3600) * 1000:
        last = datetime.fromtimestamp(done.last_ms / 1000, UTC)
        console.note(f"the last event is of {last:%Y-%m-%d %H:%M} UTC, which is yet to come: check clock and time zone")


@calls.command()
def follow(
    file: Annotated[Path, typer.Argument(help="The queue_log that the exchange writes.")],
    timezone: Annotated[str, typer.Option(help="Time zone of local times; without it KCC_TIMEZONE.")] = "",
    source: SourceOption = "",
    once: Annotated[bool, typer.Option("--once", help="Read up to the end of it, and stop.")] = False,
) -> None:
    """Follow a queue_log while it is written, until told to stop. Goes on where it was after a restart."""
    settings = load_settings()
    if not file.parent.is_dir() or file.is_dir():
        raise console.Refused(f"no such file: {file}")
    code = source_code(source or Format.QUEUE_LOG)
    times = LocalTimes(_zone(timezone or settings.timezone))

    def refuse(number: int, line: str, problem: str) -> None:
        typer.echo(f"{file}:{number}: {problem}: {struck_out(line[:100])!r}", err=True)

    async def work(database: Database) -> Progress:
        follower = Follower(database, code, file, keys_of(settings), refuse, console.note, times.seconds)
        running = asyncio.ensure_future(follower.run(once=once, tell=_Teller(file)))
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, running.cancel)
        with suppress(asyncio.CancelledError):
            await running
        return follower.progress

    try:
        done = console.with_database(work)
    except Taken:
        raise console.Refused(f"another process follows for the source {code}") from None
    console.note(f"{done.events} events new, {done.known} known already, {done.unread} lines not read")


class _Teller:
    """Says how far behind we are: when we catch up, and every now and then while we have not."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._told_at = 0.0
        self._told = -1

    def __call__(self, progress: Progress) -> None:
        caught_up = progress.behind == 0
        if progress.events == self._told or (not caught_up and monotonic() - self._told_at < TELL_SECONDS):
            return
        if caught_up and self._told >= 0 and monotonic() - self._told_at < TELL_SECONDS:
            return
        self._told_at, self._told = monotonic(), progress.events
        newest = datetime.fromtimestamp(progress.newest_ms / 1000, UTC)
        where = "nothing behind" if caught_up else f"{progress.behind} bytes behind"
        until = f", newest event of {newest:%Y-%m-%d %H:%M:%S} UTC" if progress.newest_ms else ""
        console.note(f"{self._file.name}: {progress.events} events, {where}{until}")


@calls.command(name="source")
def source_command(
    name: Annotated[str, typer.Argument(help="Code of the exchange, as it stands in `source` of its events.")],
) -> None:
    """Make a secret for an exchange that sends events; it is printed once and cannot be shown again."""
    settings = load_settings()
    code = source_code(name)

    async def work(database: Database) -> str:
        async with database.writing() as session:
            return await new_secret(session, code, settings.resolve_secret_key())

    typer.echo(console.with_database(work))
    console.note(f"source {code}; a secret that it had before is not valid any more")


@calls.command()
def simulate(
    days: Annotated[int, typer.Option(help="How many days; weekends have no calls.", min=1, max=400)],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same log.")] = 1,
    first: Annotated[str, typer.Option("--from", help="The first day; without it the last one is yesterday.")] = "",
    number: Annotated[int, typer.Option("--calls", help="Calls on an ordinary day.", min=1, max=100_000)] = 400,
    agents: Annotated[int, typer.Option(help="Agents.", min=1, max=1000)] = 8,
    patience: Annotated[float, typer.Option(help="Patience of callers on average, in seconds.", min=1)] = 180,
    shuffle: Annotated[bool, typer.Option("--shuffle", help="Mix the lines.")] = False,
    lose_ends: Annotated[float, typer.Option(help="Leave out this share of ends, in percent.", min=0, max=100)] = 0,
) -> None:
    """Write the queue_log of simulated phone days; its first event says that it is simulated."""
    settings = load_settings()
    try:
        day = date.fromisoformat(first) if first else settings.make_clock().today() - timedelta(days=days)
    except ValueError:
        raise console.Refused(f"{first!r} is not a date, such as 2026-11-24") from None
    plan = Plan(day, days, seed, ZoneInfo(settings.timezone), number, agents, patience, lose_ends / 100, shuffle)
    try:
        with out.open("x", encoding="utf-8") as file:
            lines = sum(bool(file.write(line + "\n")) for line in queue_log(plan))
    except FileExistsError:
        raise console.Refused(f"{out} is there already; name another file") from None
    except OSError as error:
        raise console.Refused(f"{out} cannot be written: {error.strerror}") from None
    console.note(f"{lines} lines of simulated calls from {day} in {out}")


def _mapping(path: Path) -> Mapping:
    if not path.is_file():
        raise console.Refused(f"no such file: {path}")
    try:
        return read_mapping(path)
    except UnusableMapping as error:
        raise console.Refused(str(error)) from None


def _readable(call: CallRecord) -> str:
    entered = datetime.fromtimestamp(call.entered / 1000, UTC)
    facts = {
        "wait": call.wait_seconds,
        "talk": call.talk_seconds,
        "agent": call.agent,
        "reason": call.reason,
        "to": call.transferred_to,
        "caller": "yes" if call.caller else "",
    }
    told = ", ".join(f"{name} {value}" for name, value in facts.items() if value not in (None, ""))
    return f"{call.queue}, entered {entered:%Y-%m-%d %H:%M:%S} UTC, {call.outcome}{', ' if told else ''}{told}"


def source_code(text: str) -> str:
    """A code for a source. Raises Refused."""
    if not text or len(text) > 60 or not all(part.isalnum() and part.isascii() for part in text.split("-")):
        raise console.Refused("a source is named by letters, digits and single hyphens, at most 60")
    return text.lower()


def keys_of(settings: Settings) -> Keys:
    """The keys of this installation."""
    return Keys(settings.resolve_secret_key())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise console.Refused(f"{name!r} is not a known time zone; write e.g. Europe/Amsterdam") from None
