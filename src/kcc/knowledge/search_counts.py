"""How often words are searched and how that ends: which searches fail. Words only, nothing about a person."""

import asyncio
import re
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.knowledge import queries
from kcc.knowledge.models import SearchChannel, SearchCount, Verdict
from kcc.storage.database import Database

QUERY_MAX = 200
FLUSH_SECONDS = 2.0
POOR_DAYS = 30
_EMAIL = re.compile(r"\S+ ?@ ?\S+")
# Five digits or more, however they are grouped: a phone number, a BSN, a number of a document or a bank account.
_LONG_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){4,}")
log = structlog.get_logger("kcc.search_counts")


def without_person(query: str) -> str:
    """The words of a query as they are kept: lower case, no e-mail addresses, no numbers of five digits or more."""
    text = _LONG_NUMBER.sub("#", _EMAIL.sub("@", normalize("NFKC", query)))
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.encode("utf-8", "replace").decode().lower().split())[:QUERY_MAX]


class SearchCounter:
    """Counts searches in memory and writes them every few seconds: a search itself never waits for a write.

    A crash loses at most those seconds of counts. Feedback is not counted here but written at once.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._counts: dict[tuple[date, SearchChannel, str], SearchCount] = {}

    def _count(self, channel: SearchChannel, query: str) -> SearchCount | None:
        words = without_person(query)
        if not words:
            return None
        key = (self._clock.today(), channel, words)
        return self._counts.setdefault(key, SearchCount(day=key[0], channel=channel, query=words))

    def searched(self, channel: SearchChannel, query: str, found: int) -> None:
        """Somebody searched (finished typing) and this many articles were found."""
        if count := self._count(channel, query):
            count.searches += 1
            count.without_result += found == 0

    def opened(self, channel: SearchChannel, query: str) -> None:
        """Somebody opened an article they found with these words."""
        if count := self._count(channel, query):
            count.opened += 1

    def judged(self, channel: SearchChannel, query: str, verdict: Verdict) -> None:
        """Somebody said whether what they found was the answer."""
        if count := self._count(channel, query):
            count.resolved += verdict is Verdict.RESOLVED
            count.not_the_answer += verdict is Verdict.NOT_THE_ANSWER

    async def flush(self) -> None:
        """Write what was counted; what could not be written is kept for the next time."""
        counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            async with self._database.writing() as session:
                await queries.add_counts(session, list(counts.values()))
        except BaseException as error:
            for key, count in counts.items():
                newer = self._counts.setdefault(key, SearchCount(day=key[0], channel=key[1], query=key[2]))
                for name in ("searches", "without_result", "opened", "resolved", "not_the_answer"):
                    setattr(newer, name, getattr(newer, name) + getattr(count, name))
            if not isinstance(error, Exception):  # being stopped: `run` writes once more
                raise
            log.exception("search_counts.not_written")

    async def run(self) -> None:
        """Write every few seconds until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.flush()
        finally:
            await self.flush()


@dataclass(frozen=True, slots=True)
class Gap:
    """Words searched without a good answer, how often, and why they are listed."""

    query: str
    count: int
    last: date
    reason: str


async def gaps(session: AsyncSession, today: date, limit: int = 100) -> list[Gap]:
    """The searches of the last month without a good answer, most frequent first."""
    rows = await queries.poor_searches(session, today - timedelta(days=POOR_DAYS), limit)
    return [Gap(query, count, last, _reason(nothing, wrong)) for query, count, nothing, wrong, _opened, last in rows]


def _reason(nothing: int, wrong: int) -> str:
    if nothing:
        return "Niets gevonden"
    return "Niet het antwoord" if wrong else "Niets geopend"
