"""A screen whose connection is cut, and whose server is killed, shows what is there as soon as it is connected."""

import random

from tests.appointments.hall.opened import opened, start_again
from tests.appointments.hall.screen import Calls, connected, sign_in
from tests.appointments.hall_server import HallServer

CUTS, KILLED_AT = 100, (33, 66)
COUNTERS = 4


async def test_a_screen_misses_no_call_over_a_hundred_connections(server: HallServer) -> None:
    chance = random.Random(100)
    async with opened(server, COUNTERS) as here:
        await sign_in(here)
        calls = Calls(here)
        seen = 0
        for cut in range(CUTS):
            await calls.something(chance.choice(here.counters), chance)  # while nobody listens
            async with connected(here) as screen:
                version = await screen.shows(calls.shown())
                assert version > seen
                seen = version
                if cut in KILLED_AT:
                    server.kill()
                    await screen.until_cut()
                    await start_again(server)
                elif cut % 5 == 0:
                    await calls.something(chance.choice(here.counters), chance)  # while somebody listens
                    seen = await screen.shows(calls.shown())
        assert server.errors() == []
