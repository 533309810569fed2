"""What holds while nobody has set a target yet. Pure."""

from collections.abc import Mapping

from kcc.service_levels.definitions import Variant
from kcc.service_levels.targets.history import Metric, Norm
from kcc.settings import Settings


def defaults(settings: Settings) -> Mapping[Metric, Norm]:
    """The targets of the settings. Walk-ins have a threshold only; what is not here has no target."""
    return {
        Metric.SERVICE_LEVEL: Norm(settings.answer_target_percent, settings.answer_within_seconds, Variant.OFFERED),
        Metric.COUNTER_WAIT: Norm(settings.counter_target_percent, settings.counter_target_minutes * 60),
        Metric.WALK_IN_WAIT: Norm(None, settings.walk_in_target_minutes * 60),
    }
