"""The demonstration municipality: made up, marked as such, and the same every time."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.accounts import normalise, put_account
from kcc.access.queries import account_by_name
from kcc.access.roles import Role
from kcc.knowledge.importing import Report, import_path
from kcc.storage.installation import mark_demonstration

PASSWORD = "voorbeeld-demo"  # noqa: S105  (known to everyone on purpose: it opens a demonstration)
ACCOUNTS = (
    ("medewerker", "Demo KCC-medewerker", Role.AGENT),
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


async def load(session: AsyncSession, now: datetime, progress: Callable[[int, int], None] | None = None) -> Report:
    """Load the demonstration: the kennisbank and an account for each role. Doing it twice changes nothing."""
    report = await import_path(session, content_folder(), now, progress)
    for name, display_name, role in ACCOUNTS:
        if await account_by_name(session, normalise(name)) is None:
            await put_account(session, name, display_name, PASSWORD, [role], now)
    await mark_demonstration(session)
    return report
