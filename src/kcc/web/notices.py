"""What the bar above every page of employees tells who is signed in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """How many announcements somebody has not read, how many of those cannot wait, and answers they did not see.

    `overdue` is how many callbacks are too late that are theirs to see to.
    """

    announcements: int = 0
    important: int = 0
    urgent: int = 0
    answers: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """All that is new to them."""
        return self.announcements + self.answers

    @property
    def pressing(self) -> int:
        """Announcements that are urgent or important."""
        return self.important + self.urgent
