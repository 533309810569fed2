"""The settings of the hall as its order needs them."""

from datetime import timedelta

from kcc.appointments.hall.queueing import Rules
from kcc.settings import Settings


def rules(settings: Settings) -> Rules:
    """How late an appointment may come, and how long a walk-in waits at most."""
    return Rules(
        late_after=timedelta(minutes=settings.late_after_minutes),
        walk_in_threshold=timedelta(minutes=settings.walk_in_target_minutes),
    )
