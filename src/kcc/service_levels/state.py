"""What the service levels add to the lifespan state."""

from kcc.access.roles import Role
from kcc.appointments.state import AppointmentState
from kcc.service_levels.live.watching import LiveWatch
from kcc.service_levels.simulator import Simulator

# Who sees how the service does.
LEADS = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})


class ServiceLevelState(AppointmentState):
    """The state of appointments with what plays days, and what is so now."""

    simulator: Simulator
    live_watch: LiveWatch
