"""What the page on the use of knowledge says, in Dutch. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from kcc.service_levels import words
from kcc.service_levels.knowledge_definitions import FEWEST, Flags, Linking
from kcc.service_levels.knowledge_measures import Measures, OfArticle, OfTopic
from kcc.service_levels.pages.period import compared

HOUR, DAY = 3600, 86400
FEW = "te weinig"


def percent(value: float | None, of: int) -> str:
    """`75,0 %`; `geen gegevens` of nothing, `te weinig` when there are too few for a percentage."""
    return FEW if value is None and of else words.percent(value)


def age(seconds: float) -> str:
    """How long something stands open, in whole hours or days: `5 uur`, `2 dagen`."""
    if seconds < HOUR:
        return "minder dan een uur"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} uur"
    return words.people(int(seconds // DAY), "dag", "dagen")


def summary(found: Measures, before: Linking | None, names: Mapping[str, str]) -> list[str]:
    """The page in a few sentences; `before` are the questions of as many days just before, when all were logged."""
    return [*_linked(found.whole, before), *_least(found.topics, names), *_called_back(found, names), *_told(found)]


def _linked(whole: Linking, before: Linking | None) -> Iterator[str]:
    if not whole.questions:
        return
    share = "" if whole.percent_linked is None else f" ({words.percent(whole.percent_linked)})"
    asked = words.people(whole.questions, "vraag", "vragen")
    yield f"In {words.whole(whole.linked)} van de {asked} is een artikel gebruikt{share}."
    if before and before.percent_linked is not None and whole.percent_linked is not None:
        yield compared(whole.percent_linked - before.percent_linked)
    if whole.new:
        number = words.people(whole.new, "vraag", "vragen")
        yield f"Bij {number} is het artikel geschreven nadat de vraag gesteld was."


def _least(topics: Sequence[OfTopic], names: Mapping[str, str]) -> Iterator[str]:
    """The topic where an article is missed most often."""
    without = [row for row in topics if row.figures.questions >= FEWEST and row.figures.none]
    if not without:
        return
    most = max(without, key=lambda row: (row.figures.none, row.figures.none / row.figures.questions))
    figures = most.figures
    yield (
        f"Bij {names[most.topic]} is in {figures.none} van de {words.people(figures.questions, 'vraag', 'vragen')} "
        "geen artikel gebruikt: daar is het meest te winnen."
    )


def _called_back(found: Measures, names: Mapping[str, str]) -> Iterator[str]:
    number = found.whole.called_back
    if number:
        often = words.people(number, "keer", "keer")
        yield f"{often} is gezocht, geen artikel gebruikt en een terugbelverzoek gemaakt."
    if number > 1:
        most = max(found.topics, key=lambda row: row.figures.called_back)
        often = words.people(most.figures.called_back, "keer", "keer")
        yield f"Dat gebeurde het vaakst bij {names[most.topic]}: {often}."


def _told(found: Measures) -> Iterator[str]:
    yield from _flags(found.flags)
    helped = [row for row in found.articles if row.figures.percent is not None]
    worst = min(helped, key=_share_resolved, default=None)
    if worst and _share_resolved(worst) < 50:
        figures = worst.figures
        yield (
            f"‘{worst.title}’ is in {figures.questions} vragen gebruikt; {figures.resolved} daarvan "
            f"{'is' if figures.resolved == 1 else 'zijn'} in het eerste contact afgehandeld."
        )


def _share_resolved(row: OfArticle) -> float:
    return row.figures.percent or 0.0


def _flags(flags: Flags) -> Iterator[str]:
    if flags.oldest_seconds is not None:
        number = len(flags.still_open)
        stands = "staat 1 melding" if number == 1 else f"staan {number} meldingen"
        yield f"Er {stands} open dat een artikel niet klopt; de oudste {age(flags.oldest_seconds)}."
    if flags.median_seconds is not None:
        mended = "is 1 melding" if flags.mended == 1 else f"zijn {flags.mended} meldingen"
        half = "" if flags.mended == 1 else ", de helft langer"
        yield f"Er {mended} verwerkt, na {age(flags.median_seconds)}{half}."
