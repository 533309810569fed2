"""What the desk reaches in the lifespan state."""

from kcc.appointments.state import AppointmentState
from kcc.knowledge.state import KnowledgeState


class DeskState(KnowledgeState, AppointmentState):
    """The state of every capability that the desk composes."""
