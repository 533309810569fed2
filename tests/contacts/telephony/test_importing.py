"""Importing: the same, overlapping, shuffled and split files give the same calls, whatever is kept of callers."""

import random
from pathlib import Path

import pytest
from sqlmodel import select

from kcc.contacts.telephony import importing, lines
from kcc.contacts.telephony.arrivals import read_log
from kcc.contacts.telephony.importing import import_log
from kcc.contacts.telephony.intake import source_of, take_in
from kcc.contacts.telephony.models import Call, UnreadLine
from kcc.storage.database import Database
from tests.contacts.telephony.logs import KEYS, T, day, kept


async def put(database: Database, *texts: list[str], code: str = "log") -> list[tuple[int, int]]:
    """Take in parts of a log, each in a transaction; how many events were new and known of each."""
    counts = []
    for text in texts:
        async with database.writing() as session:
            read = read_log(text, 1, KEYS)
            assert not read.garbage
            counts.append(tuple(await take_in(session, await source_of(session, code), read.events)))
    return counts


def parted(texts: list[str], size: int) -> list[list[str]]:
    return [texts[number : number + size] for number in range(0, len(texts), size)]


async def test_the_same_overlapping_shuffled_and_split_are_the_same(database: Database, tmp_path: Path) -> None:
    log = day(60)
    chance = random.Random(3)
    await put(database, log)
    expected = await kept(database)
    assert await put(database, log, log[20:90]) == [(0, len(log)), (0, 70)]
    assert await kept(database) == expected
    for number, parts in enumerate(
        [
            parted(log, 7),
            list(reversed(parted(log, 13))),
            [log[:100], log[50:], log[:30]],
            parted(chance.sample(log, len(log)), 11),
            [chance.sample(log, len(log))],
        ]
    ):
        code = f"again-{number}"
        await put(database, *parts, code=code)
        calls, events = await kept(database)
        mine = str(max(int(row[0]) for row in events))
        assert [row[1:] for row in calls if row[0] == mine] == [row[1:] for row in expected[0]]
        assert [row[1:] for row in events if row[0] == mine] == [row[1:] for row in expected[1]]


async def test_a_call_keeps_its_id_when_more_of_it_is_told(database: Database) -> None:
    enter, answer = f"{T}|c.1|q|NONE|ENTERQUEUE||0612345678|1", f"{T + 9}|c.1|q|SIP/7|CONNECT|9|x|2"
    end, again = f"{T + 60}|c.1|q|SIP/7|COMPLETEAGENT|9|51|1", f"{T + 70}|c.1|q|NONE|ENTERQUEUE||0612345678|1"
    ids = []
    for lines_ in ([answer], [end], [enter], [again]):
        await put(database, lines_)
        async with database.reading() as session:
            ids.append(sorted((call.entered_at, call.id) for call in (await session.exec(select(Call))).all()))
    assert [len(found) for found in ids] == [1, 1, 1, 2]
    assert {found[0] for found in ids} == {ids[0][0]}


async def test_who_waits_is_lost_when_later_events_come_and_found_by_a_late_end(database: Database) -> None:
    async def outcome() -> str:
        async with database.reading() as session:
            return str((await session.exec(select(Call.outcome))).one().value)

    await put(database, [f"{T}|c.1|q|NONE|ENTERQUEUE||1|1"])
    assert await outcome() == "waiting"
    await put(database, [f"{T + 4 * 3600 - 1}|NONE|q|SIP/1|PAUSE|x"])
    assert await outcome() == "waiting"
    await put(database, [f"{T + 4 * 3600}|NONE|q|SIP/1|PAUSE|x"])
    assert await outcome() == "unknown"
    await put(database, [f"{T + 9}|c.1|q|NONE|ABANDON|1|1|9"])
    assert await outcome() == "abandoned"


async def test_a_start_of_the_queues_ends_all_waiting(database: Database) -> None:
    await put(database, [f"{T}|c.1|q|NONE|ENTERQUEUE||1|1"], [f"{T + 5}|NONE|NONE|NONE|QUEUESTART"])
    await put(database, [f"{T + 6}|c.2|q|NONE|ENTERQUEUE||1|1"])
    async with database.reading() as session:
        found = {call.call_id: call.outcome.value for call in (await session.exec(select(Call))).all()}
    assert found == {"c.1": "unknown", "c.2": "waiting"}


async def test_the_callers_number_is_nowhere(database: Database) -> None:
    await put(
        database,
        [
            f"{T}|c.1|q|NONE|ENTERQUEUE|sip:0612345678@x|0612345678|1",
            f"{T + 1}|c.1|q|NONE|CALLERID|0612345678",
            f"{T + 9}|c.1|q|SIP/7|ATTENDEDTRANSFER|LINK|SIP/0612345678-01|SIP/8|1|8|1",
        ],
    )
    calls, events = await kept(database)
    assert "0612345678" not in str(calls) + str(events)
    assert KEYS.caller("+31 6 1234 5678") in str(calls)


@pytest.mark.parametrize("block", [50, 1_000_000])
async def test_a_file_with_garbage(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", block)
    monkeypatch.setattr(lines, "LINE_BYTES", 500)
    log = day(5)
    whole = [*log[:3], "no line 0612345678", "", log[3], "x" * 2000, *log[4:]]
    file = tmp_path / "queue_log"
    file.write_bytes("\n".join(whole).encode() + b"\n" + f"{T}|NONE|NONE|caf\xe9|PAUSE|x".encode("latin-1"))
    refused: list[tuple[int, str]] = []
    told: list[tuple[int, int]] = []
    done = await import_log(
        database, "log", file, KEYS, lambda number, line, problem: refused.append((number, line[:9])),
        lambda at, of: told.append((at, of)),
    )  # fmt: skip
    assert refused == [(4, "no line 0"), (7, "xxxxxxxxx")]
    assert (done.new, done.unread) == (len(log) + 1, 2)
    assert told[-1] == (file.stat().st_size, file.stat().st_size)
    async with database.reading() as session:
        unread = (await session.exec(select(UnreadLine).order_by(UnreadLine.number))).all()  # type: ignore[arg-type]
    assert [(row.number, row.file, row.line[:9]) for row in unread] == [
        (4, "queue_log", "no line …"),
        (7, "queue_log", "xxxxxxxxx"),
    ]
    again = await import_log(database, "log", file, KEYS, lambda *_: None, lambda *_: None)
    assert (again.new, again.unread) == (0, 2)


async def test_an_import_that_is_killed_between_parts_is_finished_by_the_next(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 3000)
    file = tmp_path / "queue_log"
    file.write_text("\n".join(day(40)) + "\n")
    store = importing.store
    left = 2

    async def dying(*arguments: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return await store(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "store", dying)
    with pytest.raises(KeyboardInterrupt):
        await import_log(database, "log", file, KEYS, lambda *_: None, lambda *_: None)
    monkeypatch.setattr(importing, "store", store)
    done = await import_log(database, "log", file, KEYS, lambda *_: None, lambda *_: None)
    assert done.known > 0 and done.new > 0
    half = await kept(database)
    await put(database, day(40), code="whole")
    calls, _ = await kept(database)
    assert [row[1:] for row in calls if row[0] == "2"] == [row[1:] for row in half[0]]
