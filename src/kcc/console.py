"""What commands share: run something on the database, show progress."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from kcc.settings import load_settings
from kcc.storage.database import Database
from kcc.storage.unavailable import Unreachable, reason

T = TypeVar("T")
UNDEFINED_TABLE = "42P01"  # of PostgreSQL's SQLSTATEs
_err = Console(stderr=True, highlight=False)


class Refused(Exception):
    """The command cannot do what was asked; the message says why and what to do."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


def note(text: str) -> None:
    """Say something to the person, on stderr: stdout is for results."""
    _err.print(text, markup=False, soft_wrap=True)


def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` on the configured database and close it. Raises Refused when it cannot be used."""

    async def inside() -> T:
        database = Database(load_settings().database)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return run(inside())
    except DBAPIError as error:
        if "no such table" in str(error) or getattr(error.orig, "sqlstate", None) == UNDEFINED_TABLE:
            raise Refused("the database is empty or old; run: kcc migrate") from None
        # Other kinds are mistakes of ours: they keep their traceback.
        if isinstance(error, OperationalError | InterfaceError) or type(error) in {DBAPIError, DatabaseError}:
            raise Refused(f"the database cannot be used: {reason(error)}") from None
        raise
    except (Unreachable, NoFreeConnection) as error:
        raise Refused(f"the database cannot be reached: {reason(error)}") from None
    except OSError as error:
        raise Refused(f"cannot be done: {error}") from None


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr; yields a function that takes how many are done and how many there are."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_err, disable=quiet or not _err.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
