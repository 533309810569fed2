"""SQLite from an event loop in one trip a statement.

aiosqlite keeps a connection in a thread of its own, and SQLAlchemy asks it four things for one statement: a cursor,
to execute, to fetch, to close. Each is a trip to the thread and back, which cost more than most statements
themselves. Here the four are done in one.

A connection that writes needs none at all between its BEGIN and its COMMIT: it has the only lock there is, so no
statement waits for anybody, and nearly each takes less than the trip. (What changes many rows is done in parts, so
that it holds nobody up.) BEGIN may wait and COMMIT waits for the disk; those, and statements with many rows of
parameters, stay in the thread.

A connection that reads waits for nobody either, but may read much, which it does in the thread. It needs no trip to
begin and to end a transaction, for BEGIN DEFERRED touches nothing yet and ROLLBACK has nothing to undo; nor for a
statement that says of itself that it reads `few` rows.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

import aiosqlite
from sqlalchemy.sql.selectable import HasPrefixes

BEGIN_READING, BEGIN_WRITING = "BEGIN DEFERRED", "BEGIN IMMEDIATE"
S = TypeVar("S", bound=HasPrefixes)
_FEW = "/* few */"
_AT_ONCE = (BEGIN_READING, f"SELECT {_FEW}")


def few(statement: S) -> S:
    """A statement that finds some hundreds of rows at most, by an index: on SQLite it is done in the event loop."""
    return statement.prefix_with(_FEW, dialect="sqlite")


class OneTripCursor:
    """A cursor that executes, fetches and closes at once. What it found stays until the next statement."""

    arraysize = 1

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """One statement."""
        if self._connection.needs_no_trip(sql):
            self._run(sql, parameters, many=False)
        else:
            await self._connection._execute(self._run, sql, parameters, many=False)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        """One statement with each of these rows of parameters."""
        await self._connection._execute(self._run, sql, parameters, many=True)
        return self

    def _run(self, sql: str, parameters: Sequence[Any], *, many: bool) -> None:
        """In the connection's thread, or while that has nothing to do."""
        cursor = self._connection._conn.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        """What the statement found."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open any more."""


class OneTripConnection(aiosqlite.Connection):
    """aiosqlite's connection with such cursors. `writes`: its transactions begin with BEGIN IMMEDIATE."""

    writes = False
    # Statements sent to the thread, counted here, and those that it has done, counted there.
    _asked = _answered = 0

    def needs_no_trip(self, sql: str) -> bool:
        """Whether nobody can hold up a statement, and it holds up nobody for long."""
        if self.writes:
            return self._conn.in_transaction
        return self._is_idle and sql.startswith(_AT_ONCE)

    @property
    def _is_idle(self) -> bool:
        """Whether its thread has nothing to do: it goes on with a statement when whoever asked for it was cancelled."""
        return self._asked == self._answered

    async def rollback(self) -> None:
        """End the transaction; one that reads only, at once."""
        if self.writes or not self._is_idle:
            await super().rollback()
        else:
            self._conn.rollback()

    async def _execute(self, fn: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        def work() -> Any:
            try:
                return fn(*arguments, **options)
            finally:
                self._answered += 1

        self._asked += 1
        return await super()._execute(work)  # type: ignore[no-untyped-call]

    def cursor(self) -> Any:
        """A cursor, without a trip."""
        return OneTripCursor(self)


def connect(database: str, *, writes: bool, **options: Any) -> OneTripConnection:
    """A connection to be awaited, as `aiosqlite.connect` makes it; its thread does not keep the process alive."""
    connection = OneTripConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection.writes = writes
    connection._thread.daemon = True
    return connection
