"""What holds while nobody has set a target yet. Pure."""

from collections.abc import Mapping

from kcc.service_levels.definitions import Variant
from kcc.service_levels.targets.history import Metric, Norm
from kcc.settings import Settings


def defaults(settings: Settings) -> Mapping[Metric, Norm]:
    """The targets of the settings. Walk-ins have a threshold only; lead times have none, as nobody publishes one."""
    return {
        Metric.SERVICE_LEVEL: Norm(settings.answer_target_percent, settings.answer_within_seconds, Variant.OFFERED),
        Metric.FIRST_CONTACT: Norm(settings.first_contact_target_percent),
        Metric.COUNTER_WAIT: Norm(settings.counter_target_percent, settings.counter_target_minutes * 60),
        Metric.WALK_IN_WAIT: Norm(None, settings.walk_in_target_minutes * 60),
        Metric.CALLBACKS_IN_TIME: Norm(settings.callback_target_percent),
    }
