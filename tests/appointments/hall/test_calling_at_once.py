"""Case 23 at full size: many counters call at once, from an always full hall, until it is empty."""

import pytest

from tests.appointments.hall.auditing import books, findings, not_ended, not_in_turn
from tests.appointments.hall.crowd import Crowd
from tests.appointments.hall.opened import OpenHall, opened
from tests.appointments.hall_server import HallServer

VISITS = {2: 16, 6: 36, 20: 70}


@pytest.mark.parametrize("counters", VISITS)
async def test_case_23_counters_call_at_once_until_the_hall_is_empty(server: HallServer, counters: int) -> None:
    async with opened(server, counters) as here:
        crowd = Crowd(here, seed=23 + counters)
        await crowd.gather(VISITS[counters])
        await crowd.arrive(VISITS[counters] // 2)
        await crowd.until_empty()
        await well_served(here, crowd)


async def well_served(here: OpenHall, crowd: Crowd) -> None:
    """Fail unless everybody was served once, in turn, and each event is one that was answered."""
    read = await books(here)
    assert findings(read) == []
    assert not_ended(read) == []
    assert not_in_turn(read, here, crowd.products) == []
    assert sorted((event.visit, str(event.kind)) for event in read.events) == sorted(crowd.acknowledged)
    assert here.server.errors() == []
