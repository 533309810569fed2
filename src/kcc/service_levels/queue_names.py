"""`kcc calls rename`: a queue gets another name, and what is promised, planned and expected of it goes along."""

from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc import console
from kcc.contacts.telephony.renaming import rename_queue
from kcc.errors import DomainError
from kcc.service_levels.phone.counter import CallCounter
from kcc.service_levels.planning import queries as planning
from kcc.service_levels.targets import queries as targets
from kcc.settings import load_settings
from kcc.storage.database import Database


def rename_queue_command(
    old: Annotated[str, typer.Argument(help="The name that its calls have.")],
    new: Annotated[str, typer.Argument(help="Its name from now on; that of another queue makes them one.")],
) -> None:
    """Give a queue another name: its calls of before and after are one queue. The exchange need not change."""
    clock = load_settings().make_clock()

    async def rename(session: AsyncSession) -> int:
        number = await rename_queue(session, old, new, clock.now())
        await targets.move_queue(session, old, new)
        await planning.move_queue(session, old, new)
        return number

    async def work(database: Database) -> int:
        try:
            number = await database.transact(rename)
        except DomainError as error:
            raise console.Refused(error.detail) from None
        await CallCounter(database, clock).settle()
        return number

    console.note(f"{console.with_database(work)} calls of {old} are of {new} now")
