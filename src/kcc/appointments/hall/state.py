"""What the hall adds to the lifespan state."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall.watching import HallWatch
from kcc.appointments.state import AppointmentState


class CounterPromise(NamedTuple):
    """Within how many minutes which percentage of appointments is called."""

    minutes: int
    percent: int


# What is promised at a location on a local day.
PromisedAt = Callable[[AsyncSession, str, date], Awaitable[CounterPromise]]


class HallState(AppointmentState):
    """The state of appointments with who watches the hall, and what is promised there."""

    hall_watch: HallWatch
    counter_promise: PromisedAt
