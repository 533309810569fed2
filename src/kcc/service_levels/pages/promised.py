"""The promises side by side, ready to be shown: each against its target, and beside what it was then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.kinds import Channel
from kcc.service_levels import words
from kcc.service_levels.cases.callbacks import Asked as Callbacks
from kcc.service_levels.cases.callbacks import Kept
from kcc.service_levels.cases.calls import SIDES
from kcc.service_levels.cases.calls import Asked as Calls
from kcc.service_levels.cases.questions import Asked as Questions
from kcc.service_levels.cases.questions import Counts
from kcc.service_levels.cases.visits import Went
from kcc.service_levels.definitions import (
    ANSWER_WITHIN,
    CALLBACK_VERSION,
    COUNTER_WAIT_VERSION,
    FIRST_CONTACT_VERSION,
    SERVICE_LEVEL_VERSION,
    Variant,
)
from kcc.service_levels.pages import measured, period
from kcc.service_levels.pages.addresses import callbacks_of, calls_of, questions_of, visits_of
from kcc.service_levels.pages.bars import Chart, chart
from kcc.service_levels.pages.chosen import Chosen
from kcc.service_levels.pages.measured import Measure, Measured, Part
from kcc.service_levels.pages.promises import Promise, promise
from kcc.service_levels.pages.spans import Span
from kcc.service_levels.pages.target_form import form_address
from kcc.service_levels.pages.verdict import SMALLEST, Verdict
from kcc.service_levels.periods import DAY, By
from kcc.service_levels.targets.history import Metric, Norm
from kcc.service_levels.targets.judging import day_judged
from kcc.service_levels.targets.wording import VARIANTS, origin, within
from kcc.service_levels.targets.wording import promise as worded
from kcc.web.dates import date_day, date_short

# (interval, share, cases, kept, where these are listed)
Shown = tuple[str, str, str, bool | None, str | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the promises: how it is measured and called, and the page where more of it is.

    `cases` is what is counted, one and many; `page` and `place` are its address before and after the period.
    """

    metric: Metric
    measure: Measure
    noun: str
    cases: tuple[str, str]
    page: str
    place: str
    version: int

    def title(self, norm: Norm) -> str:
        """What is promised, as a heading."""
        threshold = within(norm.threshold or 0)
        return {
            Metric.SERVICE_LEVEL: f"Telefoon: binnen {threshold} opgenomen",
            Metric.FIRST_CONTACT: "In het eerste contact afgehandeld",
            Metric.COUNTER_WAIT: f"Balie: binnen {threshold} na de afspraaktijd opgeroepen",
        }.get(self.metric, "Op tijd teruggebeld")

    def cases_of(self, chosen: Chosen, part: Part, last: date) -> str | None:
        """Where the cases that were counted from the start of a part up to a day are listed; None without any."""
        first, number = part.start, part.counting.of
        match self.metric:
            case Metric.SERVICE_LEVEL:
                variant = Variant(part.norm.variant or Variant.OFFERED)
                calls = Calls(first, last, threshold=part.norm.threshold or ANSWER_WITHIN)
                return calls_of(calls)(number, SIDES[variant][1])
            case Metric.FIRST_CONTACT:
                return questions_of(Questions(first, last, Channel.PHONE))(number, Counts.ELIGIBLE)
            case Metric.COUNTER_WAIT:
                return visits_of(chosen, first, last)(number, Went.CALLED)
        return callbacks_of(Callbacks(first, last))(number, Kept.DUE)

    def address(self, span: Span) -> str:
        """The page of its own, of the same period."""
        days = {"van": span.first.isoformat(), "tot": span.last.isoformat(), "per": str(span.by)}
        return f"{self.page}?{urlencode(days)}{self.place}"


KINDS: tuple[Kind, ...] = (
    Kind(
        *(Metric.SERVICE_LEVEL, measured.calls, "de telefoon", ("gesprek", "gesprekken")),
        *("/rapport/telefoon", "", SERVICE_LEVEL_VERSION),
    ),
    Kind(
        *(Metric.FIRST_CONTACT, measured.questions, "het eerste contact", ("vraag", "vragen")),
        *("/rapport/eerste-contact", "", FIRST_CONTACT_VERSION),
    ),
    Kind(
        *(Metric.COUNTER_WAIT, measured.visits, "de balie", ("bezoeker met afspraak", "bezoekers met afspraak")),
        *("/rapport", "#h-dagen", COUNTER_WAIT_VERSION),
    ),
    Kind(
        *(Metric.CALLBACKS_IN_TIME, measured.promised_calls, "terugbellen", ("terugbelverzoek", "terugbelverzoeken")),
        *("/rapport/eerste-contact", "#h-afdelingen", CALLBACK_VERSION),
    ),
)


@dataclass(frozen=True, slots=True)
class Then:
    """What it was in another period, in words, and how much better or worse it is now; empty when that is unknown."""

    said: str
    compared: str


@dataclass(frozen=True, slots=True)
class Card:
    """A promise to show; `origin` is where its target comes from when nobody set one, which is done at `target`.

    `rows` are (interval, share, cases, kept, where these cases are listed); `listed` is where those of the period are.
    """

    kind: Kind
    title: str
    promise: Promise
    of: str
    listed: str | None
    then: Sequence[Then]
    chart: Chart
    rows: Sequence[Shown]
    interval: str
    drawn: str
    address: str
    norm: str
    origin: str | None
    target: str
    of_which: str
    changed: str | None


async def build(
    session: AsyncSession, chosen: Chosen, span: Span, others: Sequence[tuple[str, Span]]
) -> tuple[list[Card], list[list[Verdict]]]:
    """A card for each promise, beside what it was in each of `others` (its name in a sentence, its days).

    And for each of those other periods what can be said of the promises together.
    """
    cards: list[Card] = []
    verdicts: list[list[Verdict]] = [[] for _ in others]
    for kind in KINDS:
        now = await kind.measure(session, chosen, span)
        then = [(name, days, await kind.measure(session, chosen, days)) for name, days in others]
        cards.append(_card(kind, chosen, span, now, [_then(now, *other) for other in then]))
        for among, (_, days, before) in zip(verdicts, then, strict=True):
            share = before.whole.percent if _complete(before, days) else None
            among.append(Verdict(kind.noun, now.whole.percent, now.whole.norm.level, share))
    return cards, verdicts


def _card(kind: Kind, chosen: Chosen, span: Span, now: Measured, then: Sequence[Then]) -> Card:
    whole, level = now.whole, now.whole.norm.level
    held = chosen.targets.on(day_judged(span.first, span.last, chosen.today), kind.metric)
    ends = [*(part.start - DAY for part in now.parts[1:]), span.last]
    rows = [_row(part, span, kind.cases_of(chosen, part, end)) for part, end in zip(now.parts, ends, strict=True)]
    return Card(
        kind=kind,
        title=kind.title(whole.norm),
        promise=promise(whole.percent, float(level or 0)),
        of=_cases(whole, kind),
        listed=kind.cases_of(chosen, whole, span.last),
        then=then,
        chart=chart([(part.percent, part.kept) for part in now.parts], level),
        rows=rows[::-1],
        interval=period.INTERVALS[span.by],
        drawn=_drawn(now.parts, rows, span),
        address=kind.address(span),
        norm=worded(kind.metric, whole.norm),
        origin=origin(kind.metric, held),
        target=form_address(kind.metric),
        of_which=VARIANTS.get(whole.norm.variant, "") if whole.norm.variant else "",
        changed=chosen.changed(kind.metric, span.first, span.last),
    )


def _cases(part: Part, kind: Kind) -> str:
    met, of = part.counting
    return f"{words.whole(met)} van {words.people(of, *kind.cases)}" if of else f"Geen {kind.cases[1]}"


def _row(part: Part, span: Span, listed: str | None) -> Shown:
    met, of = part.counting
    start = date_short(part.start) if span.by is By.DAY else period.interval(part.start, span.by)
    cases = f"{words.whole(met)} van {words.whole(of)}" if of else "–"
    return start, words.percent(part.percent, part.norm.level), cases, part.kept, listed


def _drawn(parts: Sequence[Part], rows: Sequence[Shown], span: Span) -> str:
    """The bars in words."""
    each = f"Per {period.INTERVALS[span.by]}"
    known = [(part.percent, row) for part, row in zip(parts, rows, strict=True) if part.percent is not None]
    if not known:
        return f"{each}: {words.NO_DATA}"
    lowest, highest = (choose(known, key=lambda pair: pair[0])[1] for choose in (min, max))
    return f"{each}: het laagst {lowest[0]} met {lowest[1]}, het hoogst {highest[0]} met {highest[1]}"


def _then(now: Measured, name: str, days: Span, before: Measured) -> Then:
    share = before.whole.percent
    label = f"{name[:1].upper()}{name[1:]}"
    if share is None:
        return Then(f"{label}: {words.NO_DATA}", "")
    said = f"{label}: {words.percent(share, before.whole.norm.level)} van {words.whole(before.whole.counting.of)}"
    if not _complete(before, days):
        since = f", pas vanaf {date_day(before.since)}" if before.since else ""
        return Then(f"{said}{since}", "")
    if now.whole.percent is None:
        return Then(said, "")
    points = now.whole.percent - share
    if abs(points) < SMALLEST:
        return Then(said, f"Gelijk aan {name}")
    return Then(said, f"{words.number(abs(points))} punt {'beter' if points > 0 else 'slechter'} dan {name}")


def _complete(before: Measured, days: Span) -> bool:
    """Whether all of a period was recorded: what began halfway cannot be compared."""
    return before.since is not None and before.since <= days.first
