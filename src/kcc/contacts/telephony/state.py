"""What telephony adds to the lifespan state."""

from kcc.contacts.telephony.watching import RingWatch
from kcc.web.state import State


class TelephonyState(State):
    """The state with what rings now."""

    ring_watch: RingWatch
