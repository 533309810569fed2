"""What callbacks add to the lifespan state."""

from kcc.contacts.callbacks.rules import Rules
from kcc.contacts.log.state import ContactState


class CallbackAppState(ContactState):
    """The state of the contact log with what the settings say about calling back."""

    callback_rules: Rules
