"""The server is killed in the middle of a full hall: what was answered is there, and the day goes on."""

import random
from collections import Counter

from tests.appointments.hall.auditing import books, findings
from tests.appointments.hall.crowd import MOST_EVENTS_A_REQUEST, Crowd
from tests.appointments.hall.opened import opened, start_again
from tests.appointments.hall.test_calling_at_once import well_served
from tests.appointments.hall_server import HallServer

TIMES = 2
COUNTERS, VISITS = 4, 14


async def test_killed_in_the_middle_of_calling(server: HallServer) -> None:
    chance = random.Random(24)
    for seed in range(TIMES):
        async with opened(server, COUNTERS) as here:
            crowd = Crowd(here, seed)
            await crowd.gather(VISITS)
            await crowd.arrive(VISITS // 2)
            await crowd.until_killed(chance.randint(4, 30))
            await start_again(server)
            before = await books(here)
            assert findings(before) == []
            happened = Counter((event.visit, str(event.kind)) for event in before.events)
            answered = Counter(crowd.acknowledged)
            assert answered - happened == Counter()
            assert (happened - answered).total() <= MOST_EVENTS_A_REQUEST * crowd.unanswered
            crowd.acknowledged += (happened - answered).elements()
            await crowd.pick_up()
            await crowd.until_empty()
            await well_served(here, crowd)
            after = await books(here)
            assert [event.model_dump() for event in after.events[: len(before.events)]] == [
                event.model_dump() for event in before.events
            ]
