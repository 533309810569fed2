"""One import in a process of its own, so that its processor time and memory are its own.

python -m tests.load.import_calls LOG DATABASE_FILE           as `kcc calls import` does
python -m tests.load.import_calls --bare IMPORTED NEW_FILE    the rows that came of it, by sqlite3's executemany
"""

import asyncio
import json
import resource
import sqlite3
import sys
from pathlib import Path
from time import perf_counter

from kcc.contacts.telephony.importing import import_log
from kcc.contacts.telephony.keys import Keys
from kcc.storage.database import Database
from kcc.storage.migrate import migrate

TABLES = ("call_source", "call_event", "call_unread_line", "call")


def used() -> float:
    """Seconds of processor time so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def most_memory() -> float:
    """MB that this process held at most. Not `ru_maxrss`: that begins with what the process that started us held."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def imported(log: Path, file: str) -> int:
    database = Database(f"sqlite:///{file}")
    done = await import_log(database, "log", log, Keys("s" * 40), lambda *_: None, lambda *_: None)
    await database.close()
    return done.lines


def copied(source: str, target: str) -> int:
    """The same rows, read before the clock starts, into the same tables with their indexes, in one transaction."""
    rows = {}
    with sqlite3.connect(source) as connection:
        for table in TABLES:
            rows[table] = connection.execute(f"SELECT * FROM {table}").fetchall()
    connection = sqlite3.connect(target)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    before, began = used(), perf_counter()
    for table, found in rows.items():
        if found:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
    connection.commit()
    print(json.dumps({"processor": used() - before, "seconds": perf_counter() - began}))
    return sum(map(len, rows.values()))


def main(*arguments: str) -> None:
    if arguments[0] == "--bare":
        copied(arguments[1], arguments[2])
        return
    before, began = used(), perf_counter()
    lines = asyncio.run(imported(Path(arguments[0]), arguments[1]))
    print(
        json.dumps(
            {
                "processor": used() - before,
                "seconds": perf_counter() - began,
                "megabytes": most_memory(),
                "lines": lines,
            }
        )
    )


def prepare(file: Path) -> None:
    """An empty, migrated database."""

    async def work() -> None:
        database = Database(f"sqlite:///{file}")
        await migrate(database)
        await database.close()

    asyncio.run(work())


if __name__ == "__main__":
    main(*sys.argv[1:])
