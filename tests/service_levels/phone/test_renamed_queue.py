"""A queue that gets another name: its figures stay one series, judged as they were."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Kcc, installed, kcc, surroundings
from tests.service_levels.live.conftest import Wall, wall
from tests.service_levels.phone.conftest import Phone
from tests.service_levels.phone.test_service_levels import answered

__all__ = ["installed", "kcc", "surroundings", "wall"]
AT = int(datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp())
NEXT_DAY = AT + 86400


async def offered(phone: Phone) -> list[tuple[str, int]]:
    rows = await phone.rows("2026-11-23", "2026-11-24", by="year", split="queue")
    return [(row["queue"], row["offered"]) for row in rows]


async def rename(command: Kcc, old: str, new: str) -> tuple[int, str]:
    done = await asyncio.to_thread(command, "calls", "rename", old, new)
    return done.code, done.err.strip()


@pytest.fixture
async def calls(phone: Phone) -> Phone:
    """Two calls under the old name, one under the new, one elsewhere."""
    await phone.log(*answered(AT, 1, 10), *answered(AT, 2, 40), *answered(NEXT_DAY, 3, 5, queue="burgers"))
    await phone.log(*answered(AT, 4, 5, queue="belastingen"))
    return phone


async def test_before_and_after_are_one_queue(calls: Phone, installed: Kcc) -> None:
    assert await offered(calls) == [("algemeen", 2), ("belastingen", 1), ("burgers", 1)]
    assert await rename(installed, "algemeen", "burgers") == (0, "2 calls of algemeen are of burgers now")
    assert await offered(calls) == [("belastingen", 1), ("burgers", 3)]
    days = await calls.rows("2026-11-23", "2026-11-24", queue="burgers")
    assert [row["serviceLevelPercent"] for row in days] == [50.0, 100.0]
    listed = (await calls.client.get("/api/v1/calls", params={"from": "2026-11-23", "to": "2026-11-24"})).json()
    assert {row["queue"] for row in listed["results"]} == {"belastingen", "burgers"}


async def test_what_comes_under_the_old_name_later(calls: Phone, installed: Kcc) -> None:
    await rename(installed, "algemeen", "burgers")
    # An end that was late, of a call from before; and the exchange that still tells the old name.
    await calls.log(*answered(AT, 1, 10), *answered(NEXT_DAY, 5, 5))
    assert await offered(calls) == [("belastingen", 1), ("burgers", 4)]
    await rename(installed, "burgers", "inwoners")
    await calls.log(*answered(NEXT_DAY, 6, 5), *answered(NEXT_DAY, 7, 5, queue="burgers"))
    assert await offered(calls) == [("belastingen", 1), ("inwoners", 6)]
    await rename(installed, "inwoners", "algemeen")  # back
    await calls.log(*answered(NEXT_DAY, 8, 5), *answered(NEXT_DAY, 9, 5, queue="inwoners"))
    assert await offered(calls) == [("algemeen", 8), ("belastingen", 1)]
    assert await calls.counter.rebuild() == 2
    assert await offered(calls) == [("algemeen", 8), ("belastingen", 1)]


@pytest.mark.parametrize("own", [False, True])
async def test_its_target_goes_along_unless_the_other_has_its_own(calls: Phone, installed: Kcc, own: bool) -> None:
    async def promise(queue: str, level: int) -> None:
        body = {"metric": "service-level", "validFrom": "2026-11-20", "level": level, "threshold": 30}
        sent = await calls.client.put("/api/v1/targets", json=body | {"scope": {"queue": queue}})
        assert sent.is_success, sent.text

    await promise("algemeen", 70)
    if own:
        await promise("burgers", 90)
    await rename(installed, "algemeen", "burgers")
    kept = (await calls.client.get("/api/v1/targets")).json()["results"]
    levels = {row["scope"]["queue"]: row["level"] for row in kept}
    assert levels == ({"algemeen": 70, "burgers": 90} if own else {"burgers": 70})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("nergens", "burgers", "no calls of a queue 'nergens'"),
        ("algemeen", "algemeen", "another name"),
        ("algemeen", " ", "another name"),
        ("algemeen", "x" * 81, "another name"),
    ],
)
async def test_what_is_refused(calls: Phone, installed: Kcc, old: str, new: str, said: str) -> None:
    code, error = await rename(installed, old, new)
    assert code == 2
    assert said in error
    assert await offered(calls) == [("algemeen", 2), ("belastingen", 1), ("burgers", 1)]


async def test_the_wallboard_knows_one_name(calls: Phone, installed: Kcc, wall: Wall) -> None:
    """An agent is in it and a caller waits, both under the name that the exchange still tells."""
    await rename(installed, "algemeen", "burgers")
    now = NEXT_DAY - 3600  # nine in Amsterdam
    await calls.log(
        f"{now - 600}|NONE|algemeen|PJSIP/101|ADDMEMBER|", f"{now - 60}|w1|algemeen|NONE|ENTERQUEUE||0612345678|1"
    )
    seen = await wall.look(wachtrij="burgers")
    (agents,) = seen.part("agents").select(".kcc-figure")
    (queueing,) = seen.part("queueing").select(".kcc-figure")
    assert (agents.text.split(), queueing.text.strip()) == (["1", "van", "1"], "1")
    await wall.look(400, wachtrij="algemeen")
