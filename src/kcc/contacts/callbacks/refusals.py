"""Why something cannot be done with a callback."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kcc.contacts.callbacks import wording
from kcc.contacts.callbacks.models import Callback
from kcc.contacts.log.refusals import AlreadyClosed
from kcc.errors import Conflict


class AlreadyPromised(Conflict):
    """Of this question a callback stands already."""

    kind = "already-promised"
    title = "Er is al een terugbelverzoek"


class WithContactCentre(Conflict):
    """The department gave it back before."""

    kind = "handed-back"
    title = "Al teruggegeven"


def already_closed(callback: Callback, now: datetime, zone: ZoneInfo) -> AlreadyClosed:
    """When it was closed, and by whom."""
    assert callback.closed_at is not None
    when = wording.on_screen(callback.closed_at, now, zone)
    return AlreadyClosed(f"Dit terugbelverzoek is al afgerond: {when}, door {callback.closed_by or 'de afdeling'}.")
