"""What the desk reaches in the lifespan state."""

from kcc.appointments.state import AppointmentState
from kcc.contacts.log.state import ContactState
from kcc.contacts.telephony.state import TelephonyState
from kcc.knowledge.state import KnowledgeState


class DeskState(KnowledgeState, AppointmentState, ContactState, TelephonyState):
    """The state of every capability that the desk composes."""
