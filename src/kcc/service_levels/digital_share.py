"""Digital share: how often people chose the online route, of that and the appointments they booked. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from kcc.contacts.log.kinds import Channel
from kcc.service_levels.definitions import share
from kcc.service_levels.knowledge_definitions import FEWEST

# Raised when what counts comes to mean something else.
DIGITAL_SHARE_VERSION = 1
# By these a question comes in as a message on a screen.
DIGITAL = frozenset({Channel.EMAIL, Channel.CHAT, Channel.WEB_FORM, Channel.SOCIAL_MEDIA, Channel.WHATSAPP})

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Ways:
    """How often the online route was chosen, and how many appointments were booked: by residents or by staff."""

    online: int = 0
    by_resident: int = 0
    by_staff: int = 0

    def __add__(self, other: "Ways") -> "Ways":
        return Ways(self.online + other.online, self.by_resident + other.by_resident, self.by_staff + other.by_staff)

    @property
    def booked(self) -> int:
        """Appointments, cancelled ones too."""
        return self.by_resident + self.by_staff

    @property
    def total(self) -> int:
        """What the share is of."""
        return self.online + self.booked

    @property
    def percent(self) -> float | None:
        """The digital share; None of nothing."""
        return share(self.online, self.total)


class Happened(NamedTuple):
    """What happened with a product on a local day: of an appointment the day on which it was booked."""

    product: str
    day: date
    ways: Ways


def summed(found: Iterable[Happened], key: Callable[[Happened], Key]) -> dict[Key, Ways]:
    """What happened together, by any key."""
    sums: dict[Key, Ways] = defaultdict(Ways)
    for one in found:
        sums[key(one)] += one.ways
    return dict(sums)


def lowest_first(counted: Mapping[Key, tuple[int, int]]) -> list[Key]:
    """Keys of (part, whole) by their share, of equal ones the largest first; those of fewer than FEWEST come last."""

    def order(key: Key) -> tuple[bool, float, int, str]:
        part, whole = counted[key]
        return whole < FEWEST, share(part, whole) or 0.0, -whole, str(key)

    return sorted(counted, key=order)


def digital(counted: Mapping[Channel, int]) -> tuple[int, int]:
    """(questions by a digital channel, all questions)."""
    return sum(number for channel, number in counted.items() if channel in DIGITAL), sum(counted.values())
