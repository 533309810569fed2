"""What can be asked about staffing: wider than any contact centre, and quick to answer. Pure."""

from typing import Final, NamedTuple


class Limit(NamedTuple):
    """The least and the most, both included."""

    least: float
    most: float


CALLS: Final = Limit(0.01, 1_000_000)
PER_MINUTES: Final = Limit(1, 1440)
HANDLING_SECONDS: Final = Limit(5, 14_400)
PATIENCE_SECONDS: Final = Limit(1, 3600)
THRESHOLD_SECONDS: Final = Limit(0, 3600)
# No number of agents answers everybody within the threshold for certain.
TARGET_PERCENT: Final = Limit(1, 99.99)
SHRINKAGE_PERCENT: Final = Limit(0, 95)
AGENTS: Final = Limit(1, 2000)
MOST_ERLANG: Final = 1000.0
