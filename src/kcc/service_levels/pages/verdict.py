"""What the promises together say, in the one or two sentences that a person would use. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from kcc.service_levels import words

# Less than this cannot be told on the page, which shows one decimal.
SMALLEST = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """A promise: what it is called in a sentence, its share, its target, and what its share was then; all may lack."""

    noun: str
    percent: float | None
    level: int | None
    before: float | None = None

    @property
    def apart(self) -> float | None:
        """Points above the target, or below it (negative)."""
        return None if self.percent is None or self.level is None else self.percent - self.level

    @property
    def gained(self) -> float | None:
        """Points better than then, or worse (negative)."""
        return None if self.percent is None or self.before is None else self.percent - self.before


def summary(verdicts: Sequence[Verdict], then: str) -> list[str]:
    """How many are kept and which is furthest off; and what changed most since `then`: `vorig jaar`."""
    if all(one.percent is None for one in verdicts):
        return ["Over deze periode zijn er nog geen gegevens."]
    return [_kept(verdicts), *_changed(verdicts, then)]


def _kept(verdicts: Sequence[Verdict]) -> str:
    ranked = _ranked(verdicts)
    if not ranked:
        return "Er zijn gegevens, maar er is nog geen norm om ze naast te leggen."
    apart, worst = ranked[0]
    kept = sum(points >= 0 for points, _ in ranked)
    distance = words.distance(worst.percent, worst.level or 0).lower()
    if len(ranked) == 1:
        return f"De belofte voor {worst.noun} is {'gehaald' if kept else 'niet gehaald'}: {distance}."
    of = "" if len(ranked) == len(verdicts) else " waarvoor een norm en gegevens zijn"
    number = (
        f"alle {len(ranked)} beloften" if kept == len(ranked) else f"{kept or 'geen'} van de {len(ranked)} beloften"
    )
    place = "het dichtst bij de norm" if apart >= 0 else "het verst van de norm"
    return f"We halen {number}{of}; {place} is {worst.noun}: {distance}."


def _ranked(verdicts: Sequence[Verdict]) -> list[tuple[float, Verdict]]:
    found = [(one.apart, one) for one in verdicts if one.apart is not None]
    return sorted(found, key=lambda pair: pair[0])


def _changed(verdicts: Sequence[Verdict], then: str) -> list[str]:
    found = sorted(((one.gained, one.noun) for one in verdicts if one.gained is not None), key=lambda pair: pair[0])
    if not found:
        return []
    (most_lost, loser), (most_gained, winner) = found[0], found[-1]
    said = []
    if most_gained >= SMALLEST:
        said.append(f"{winner} het meest verbeterd ({words.number(most_gained)} punt)")
    if most_lost <= -SMALLEST:
        said.append(f"{loser} het meest achteruitgegaan ({words.number(-most_lost)} punt)")
    if not said:
        return [f"Ten opzichte van {then} is er niets veranderd."]
    return [f"Ten opzichte van {then} is {' en '.join(said)}."]
