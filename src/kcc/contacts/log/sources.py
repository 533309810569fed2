"""Where an answer came from, known without asking; and which departments can be reached. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from kcc.contacts.log.kinds import Outcome, Source


def source_of(outcome: Outcome, *, articles: bool, colleague: bool, reached: bool | None) -> Source:
    """Where the answer to a question came from.

    `articles`: one was opened while the question was open; `colleague`: one was asked; `reached`: whether somebody at
    the department took the call over, of a transfer only.
    """
    if outcome is Outcome.TRANSFERRED:
        return Source.DEPARTMENT_REACHED if reached else Source.DEPARTMENT_NOT_REACHED
    if outcome is Outcome.CALLBACK:
        return Source.CALLBACK
    if outcome is Outcome.DISCONNECTED:
        return Source.NO_ANSWER
    if articles:
        return Source.ARTICLE
    return Source.COLLEAGUE if colleague else Source.OWN_KNOWLEDGE


@dataclass(frozen=True, slots=True)
class Reachability:
    """How often a department was reached when it was called for a resident; `percent` is None when it never was called.

    `callbacks` are promises that the department calls back; one that was tried first is not reached besides.
    """

    department: str
    reached: int
    not_reached: int
    callbacks: int

    @property
    def percent(self) -> float | None:
        """Reached / (reached + not reached)."""
        called = self.reached + self.not_reached
        return 100 * self.reached / called if called else None


def reachability(counted: Iterable[tuple[str, Source, int]]) -> list[Reachability]:
    """Of each department that is in these (department, source, number), by its code."""
    found: dict[str, dict[Source, int]] = {}
    for department, source, number in counted:
        of = found.setdefault(department, {})
        of[source] = of.get(source, 0) + number
    return [
        Reachability(
            department,
            of.get(Source.DEPARTMENT_REACHED, 0),
            of.get(Source.DEPARTMENT_NOT_REACHED, 0),
            of.get(Source.CALLBACK, 0),
        )
        for department, of in sorted(found.items())
    ]
