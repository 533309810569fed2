"""The database: SQLite embedded, PostgreSQL beyond. One transaction a request, opened here."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import event, make_url
from sqlalchemy.engine import URL, Connection, ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.storage import sqlite_connection
from kcc.storage.sqlite_connection import BEGIN_READING, BEGIN_WRITING
from kcc.storage.unavailable import Unreachable

T = TypeVar("T")
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON")
ATTEMPTS = 4
BROKEN_OFF = ("40P01", "40001")  # PostgreSQL: deadlock, serialization failure
PRAGMA_ATTEMPTS = 50
POOL_SECONDS = 10  # to wait for a free connection
UNUSED_SECONDS = 5  # until a connection is asked whether it still works


def async_url(url: str) -> URL:
    """The address with the async driver filled in, and `sslmode` under that driver's name for it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    query = {"ssl" if name == "sslmode" else name: value for name, value in parsed.query.items()}
    return parsed.set(drivername="postgresql+asyncpg", query=query)


class Database:
    """Opens transactions. Reading and writing are apart, because SQLite has one writer at a time."""

    def __init__(self, url: str) -> None:
        target = async_url(url)
        self.is_sqlite = target.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if target.database and target.database != ":memory:":
                Path(target.database).parent.mkdir(parents=True, exist_ok=True)
            self._reader = _sqlite_engine(target, begin=BEGIN_READING, pool_size=4)
            # One writing connection: writers of this process queue here, in order, instead of in SQLite's busy loop.
            self._writer = _sqlite_engine(target, begin=BEGIN_WRITING, pool_size=1)
        else:
            self._reader = self._writer = _postgres_engine(target)

    @property
    def engine(self) -> AsyncEngine:
        """The writing engine, for migrations."""
        return self._writer

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads; it is rolled back at the end."""
        async with AsyncSession(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction that is committed at the end, or rolled back when an exception leaves it."""
        async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    async def transact(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Do work in a writing transaction, anew when the database broke it off because two waited for each other."""
        for _ in range(ATTEMPTS - 1):
            try:
                async with self.writing() as session:
                    return await work(session)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in BROKEN_OFF:
                    raise
        async with self.writing() as session:
            return await work(session)

    async def close(self) -> None:
        """Close all connections."""
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()


class _SqliteConnection(sqlite3.Connection):
    """Ends its transaction when it is closed.

    SQLite itself keeps a closed connection, and its lock, alive while a statement of it is: when a task is
    cancelled in the middle of one, that is until Python happens to collect its garbage.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


async def _connect(*arguments: Any, **options: Any) -> Any:
    try:
        return await asyncpg.connect(*arguments, **options)
    except (OSError, TypeError, ValueError) as error:  # not there, or an option in the address that is none
        raise Unreachable(str(error) or type(error).__name__) from error


def _postgres_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,  # a traceback would show what people search for
        connect_args={"async_creator_fn": _connect},
    )

    @event.listens_for(engine.sync_engine, "checkin")
    def _note_use(_connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _look_first(connection: Any, record: Any, _proxy: Any) -> None:
        # Of a server that stopped the connection knows by itself. To ask costs three round trips: as much as what it is
        # wanted for, so only one that was not used for a while is asked whether somebody on the way forgot it.
        gone, now = connection.driver_connection.is_closed(), monotonic()
        if not gone and now - record.info.get("used", now) > UNUSED_SECONDS:
            try:
                connection.ping()
            except engine.dialect.loaded_dbapi.Error:
                gone = True
        if gone:
            raise InvalidatePoolError

    @event.listens_for(engine.sync_engine, "handle_error")
    def _hide_row(context: ExceptionContext) -> None:
        # PostgreSQL itself tells the row that it refused.
        cause = getattr(context.original_exception, "__cause__", None)
        if isinstance(cause, asyncpg.PostgresError):
            cause.detail = None

    return engine


def _apply(connection: Any, cursor: Any, pragma: str) -> None:
    # While another connection makes a new file ready for WAL, SQLite refuses without waiting.
    for attempt in range(1, PRAGMA_ATTEMPTS + 1):
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if attempt == PRAGMA_ATTEMPTS or "locked" not in str(error):
                raise
            connection.run_async(lambda _: asyncio.sleep(0.1))
        else:
            return


def _sqlite_engine(url: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    connect = partial(sqlite_connection.connect, writes=begin == BEGIN_WRITING)
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,  # a traceback would show what people search for
        connect_args={"factory": _SqliteConnection, "async_creator_fn": connect},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            _apply(connection, cursor, pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
