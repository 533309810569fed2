"""The demonstration municipality: made up, marked as such, and the same every time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.accounts import normalise, put_account
from kcc.access.queries import account_by_name, accounts
from kcc.access.roles import Role
from kcc.appointments.hall import demonstration as hall
from kcc.appointments.planner import Planner
from kcc.appointments.planning import demonstration
from kcc.clock import Clock
from kcc.contacts import demonstration as contacts
from kcc.contacts import demonstration_desk as desk
from kcc.contacts.callbacks.rules import Rules
from kcc.knowledge import demonstration as use_of_knowledge
from kcc.knowledge import queries as knowledge
from kcc.knowledge.importing import Report, import_path
from kcc.knowledge.reading import holds_any
from kcc.service_levels.phone.counter import CallCounter
from kcc.service_levels.planning.keeping import ForecastKeeper
from kcc.storage.database import Database
from kcc.storage.installation import is_demonstration, mark_demonstration

# So many days that the same month of the year before is there as a whole, on whatever day of the month this is.
DAYS = 400
# What was expected is said as it would have been then, from the calls until then.
FORECAST_WEEKS = 6
PASSWORD = "voorbeeld-demo"  # noqa: S105  (known to everyone on purpose: it opens a demonstration)
AGENT, AGENT_NAME = "medewerker", "Demo KCC-medewerker"
ACCOUNTS = (
    (AGENT, AGENT_NAME, Role.AGENT),
    ("balie", "Demo baliemedewerker", Role.COUNTER_CLERK),
    ("redacteur", "Demo redacteur", Role.EDITOR),
    ("teamleider", "Demo teamleider", Role.TEAM_LEAD),
    ("beheerder", "Demo beheerder", Role.ADMINISTRATOR),
)
ACCOUNTS_SHOWN = [(name, role.label, PASSWORD) for name, _, role in ACCOUNTS]


def content_folder() -> Path:
    """The kennisbank that comes with kcc: inside the wheel, or beside `src` in a checkout."""
    here = Path(__file__).parent
    inside = here / "kennisbank"
    return inside if inside.is_dir() else here.parent.parent / "kennisbank"


async def may_load(session: AsyncSession) -> bool:
    """Whether the demonstration may come into this database: it holds one already, or nothing anybody would miss."""
    if await is_demonstration(session):
        return True
    return not await accounts(session) and not await holds_any(session)


async def load(
    database: Database,
    clock: Clock,
    promises: Rules,
    secret_key: str,
    progress: Callable[[int, int], None] | None = None,
    days: int = DAYS,
) -> Report | None:
    """Load the demonstration: the kennisbank, what appointments are made for and where, and an account for each role.

    Then what waits at the desk (callbacks, announcements, questions), and simulated calls, contacts and visits of so
    many days until now.

    Doing it twice changes nothing.

    Returns None, and does nothing, when the database is in use for something else (`may_load`). The mark is
    there before anything else is, so that content made up never stands without it.
    """
    now = clock.now()
    async with database.writing() as session:
        if not await may_load(session):
            return None
        await mark_demonstration(session)
        for name, display_name, role in ACCOUNTS:
            if await account_by_name(session, normalise(name)) is None:
                await put_account(session, name, display_name, PASSWORD, [role], now)
        await demonstration.load(session, clock.today())
    report = await import_path(database, content_folder(), now, progress)
    async with database.writing() as session:
        articles = [(article.slug, article.topic) for article in await knowledge.published(session)]
        slugs = {slug for slug, _ in articles}
        await use_of_knowledge.load(session, slugs, now)
        await desk.load(session, promises, secret_key, (AGENT, AGENT_NAME), slugs, now)
        is_new = await contacts.load(session, promises, secret_key, AGENT, articles, now, days)
    async with database.writing() as session:
        plan = await Planner(clock.timezone).plan(session)
        await hall.load(session, plan, now, days, lambda day: contacts.volume(day, clock.today()))
    await CallCounter(database, clock).settle()
    for weeks in range(min(FORECAST_WEEKS, days // 7) if is_new else 0, 0, -1):
        await ForecastKeeper(database, replace(clock, now=partial(_ago, now, weeks))).record()
    return report


def _ago(now: datetime, weeks: int) -> datetime:
    return now - timedelta(weeks=weeks)
