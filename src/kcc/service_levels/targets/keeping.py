"""Set a target, and take one back. What days that are over were judged by never changes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.errors import Conflict, FieldError, InvalidInput, NotFound
from kcc.service_levels.periods import EARLIEST, LATEST
from kcc.service_levels.targets import queries
from kcc.service_levels.targets.history import EVERYTHING, FITTING, Kept, Scope
from kcc.service_levels.targets.models import Target
from kcc.service_levels.targets.reading import Known
from kcc.service_levels.targets.wording import NOUNS
from kcc.storage.turns import take_turn

TURN = 0x6B63632D6E6F726D  # whoever changes targets does so alone


class Past(Conflict):
    """It would change what days that are over were judged by."""

    kind = "target-in-the-past"
    title = "Deze dag is al beoordeeld"


class Taken(Conflict):
    """There is one of the same metric and scope from the same day on."""

    kind = "target-taken"
    title = "Er is al een norm vanaf deze dag"


async def keep(session: AsyncSession, new: Kept, known: Known, clock: Clock, by: str, *, replace: bool) -> Target:
    """Set a target, in place of one of the same metric and scope from the same day on when `replace` says so.

    It can begin today or later; the first of its metric and scope on any day, to write down what held already, and
    that one can be replaced on the day it was set. Raises InvalidInput, Past, Taken.
    """
    _check(new, known)
    await take_turn(session, TURN)
    today, now = clock.today(), clock.now()
    series = await queries.series(session, new.metric, new.scope)
    row = next((one for one in series if one.valid_from == new.valid_from), None)
    if row is None and series and new.valid_from < today:
        raise _past("kies vandaag of een latere dag: dagen die voorbij zijn, zijn al beoordeeld naar de norm van toen")
    if row is not None:
        if not replace:
            raise Taken(
                "Er is al een norm vanaf deze dag", [_wrong("validFrom", "taken", "vanaf deze dag is er al een")]
            )
        if not is_open(row, len(series), clock):
            raise _past("deze norm geldt al; stel een nieuwe in vanaf vandaag of later")
    if row is None:
        row = Target(
            metric=new.metric,
            scope=new.scope.kind,
            code=new.scope.code,
            valid_from=new.valid_from,
            level=new.norm.level or 0,
            set_by=by,
            set_at=now,
        )
    row.level, row.threshold, row.variant = new.norm.level or 0, new.norm.threshold, new.norm.variant
    row.set_by, row.set_at = by, now
    await queries.put(session, row)
    return row


async def take_back(session: AsyncSession, number: int, clock: Clock) -> None:
    """Remove a target that no day that is over was judged by. Raises NotFound and Past."""
    await take_turn(session, TURN)
    row = await queries.target(session, number)
    if row is None:
        raise NotFound(f"Er is geen norm {number}")
    series = await queries.series(session, row.metric, Scope(row.scope, row.code))
    if not is_open(row, len(series), clock):
        raise Past("Deze norm geldt al en blijft staan. Stel een nieuwe in vanaf vandaag of later.")
    await queries.remove(session, row)


def is_open(row: Target, siblings: int, clock: Clock) -> bool:
    """Whether a target, one of so many of its metric and scope, can still be changed or taken back.

    It begins today or later; or it is the first of its kind, and was set today.
    """
    today = clock.today()
    return row.valid_from >= today or (siblings == 1 and clock.local_date(row.set_at) == today)


def _check(new: Kept, known: Known) -> None:
    """That what it is for exists and fits, and the day is one that can be asked for; the rest is the schema's."""
    problems = []
    metric, scope = new.metric, new.scope
    if scope != EVERYTHING:
        if scope.kind not in FITTING[metric]:
            fit = " of ".join(f"een {NOUNS[kind]}" for kind in FITTING[metric])
            problems.append(
                _wrong(f"scope/{scope.kind}", "does-not-fit", f"deze norm kan voor alles gelden, of voor {fit}")
            )
        elif scope.code not in dict(known[scope.kind]):
            problems.append(
                _wrong(f"scope/{scope.kind}", "unknown", f"{NOUNS[scope.kind]} {scope.code} is niet bekend")
            )
    if not EARLIEST <= new.valid_from <= LATEST:
        problems.append(_wrong("validFrom", "too-far", f"kies een dag van {EARLIEST.year} tot en met {LATEST.year}"))
    if problems:
        raise InvalidInput("; ".join(problem.detail for problem in problems), problems)


def _past(detail: str) -> Past:
    return Past(detail[:1].upper() + detail[1:], [_wrong("validFrom", "past", detail)])


def _wrong(name: str, code: str, detail: str) -> FieldError:
    return FieldError("body", f"/{name}", code, detail)
