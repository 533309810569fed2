"""What the hall adds to the lifespan state."""

from kcc.appointments.hall.watching import HallWatch
from kcc.appointments.state import AppointmentState


class HallState(AppointmentState):
    """The state of appointments with who watches the hall."""

    hall_watch: HallWatch
