"""Local times of exchanges → instants. Pure. In autumn an hour comes twice, in spring one is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kcc.connectors.queue_log import EARLIEST, LATEST

# Of Asterisk's database table, with and without fractions.
DATABASE_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S")


@dataclass(slots=True)
class LocalTimes:
    """Reads local times; counts those in the hour that comes twice.

    `told`: the call id tells which of the two (Asterisk's begin with the second in which the call began).
    `guessed`: nothing does; the first is taken.
    """

    zone: ZoneInfo
    formats: Sequence[str] = field(default=DATABASE_FORMATS)
    told: int = 0
    guessed: int = 0

    def seconds(self, text: str, call_id: str) -> int:
        """Seconds since 1970. Raises ValueError for what is no time, or a time that the clock skipped."""
        return int(self.moment(text, call_id).timestamp())

    def moment(self, text: str, call_id: str = "") -> datetime:
        """The instant in UTC. Raises ValueError as `seconds` does."""
        local = self._parsed(text)
        if local.tzinfo is not None:
            return local.astimezone(UTC)
        first, second = (local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if first == second:
            return first
        if first.astimezone(self.zone).replace(tzinfo=None) != local:
            raise ValueError(f"its time {text[:30]!r} does not exist in {self.zone.key}: the clock skipped it")
        began = _began(call_id)
        if began is None:
            self.guessed += 1
            return first
        self.told += 1
        return second if began > first + timedelta(seconds=1) else first

    def _parsed(self, text: str) -> datetime:
        for form in self.formats:
            try:
                return datetime.strptime(text.strip(), form)
            except ValueError:
                continue
        raise ValueError(f"its time is {text[:30]!r}; neither seconds since 1970 nor like {self.formats[0]}")


def _began(call_id: str) -> datetime | None:
    digits = call_id.rpartition("-")[2].partition(".")[0]  # a prefix may name the system: `pbx-1700000000.12`
    if len(digits) > 10 or not (digits.isascii() and digits.isdigit()) or not EARLIEST <= int(digits) < LATEST:
        return None
    return datetime.fromtimestamp(int(digits), UTC)
