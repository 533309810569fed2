"""A database that is locked, full or gone, told apart from a mistake in what was asked of it."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

# Classes of PostgreSQL's SQLSTATEs: connection, log-in, no such database, transaction undone by the server
# (two that waited for each other), out of something, a lock not to be had, shut down by hand, its own disk.
_PASSING = ("08", "28", "3D", "40", "53", "55P03", "57", "58")
_PRIMARY_CODE = 0xFF  # what is above it in SQLite's codes says more precisely which


class Unreachable(Exception):
    """No connection can be made; the message says why, in the words of the system."""


DATABASE_ERRORS = (DBAPIError, NoFreeConnection, Unreachable)


def is_unavailable(error: Exception) -> bool:
    """Whether trying again later may help; False for a mistake of ours, such as a table that is not there."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, (NoFreeConnection, Unreachable))
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorcode", 0) & _PRIMARY_CODE != sqlite3.SQLITE_ERROR
    return error.connection_invalidated or (getattr(cause, "sqlstate", None) or "").startswith(_PASSING)


def reason(error: Exception) -> str:
    """What the system said, in one line, without the statement and its values."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(said).partition("\n")[0] or type(said).__name__
