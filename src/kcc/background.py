"""Work that goes on beside requests: what it is, and starting it again when it stumbles."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from kcc.appointments.hall.asking import Interviewer
from kcc.appointments.hall.ending import HallKeeper
from kcc.appointments.housekeeping import Housekeeper
from kcc.appointments.letters.sending import Correspondent
from kcc.appointments.plan_queries import closings_everywhere
from kcc.appointments.planner import Planner
from kcc.appointments.policy import policy
from kcc.clock import Clock
from kcc.connectors.smtp import make_mailer
from kcc.contacts.callbacks.escalating import Escalator
from kcc.contacts.callbacks.rules import rules as callback_rules
from kcc.contacts.callbacks.sending import CallbackCorrespondent
from kcc.contacts.department_questions.mailing import DepartmentPost
from kcc.contacts.joining.keeper import Joiner
from kcc.knowledge.indexing import Indexer
from kcc.knowledge.queries import article_facts
from kcc.service_levels.export.keeper import Exporter
from kcc.service_levels.lead_times import LeadTimeKeeper
from kcc.service_levels.phone.counter import CallCounter
from kcc.service_levels.planning.keeping import ForecastKeeper
from kcc.service_levels.rollups.counter import DayCounter
from kcc.settings import Settings
from kcc.storage.database import Database
from kcc.storage.worker import OutboxWorker
from kcc.web import problems
from kcc.web.letters import Sender

Run = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def running(name: str, run: Run) -> AsyncIterator[None]:
    """Run work until the context ends; when it ends by an error before, log it and begin again."""
    task = asyncio.create_task(_keep(name, run), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep(name: str, run: Run) -> None:
    while True:
        try:
            await run()
        except Exception:
            problems.log.exception("background.failed", work=name)
        await asyncio.sleep(5)


def sender(settings: Settings) -> Sender:
    """Who letters are from."""
    return Sender(
        name=settings.municipality_name,
        phone=settings.municipality_phone,
        address=settings.municipality_address,
        base_url=settings.base_url,
        mail_from=settings.mail_from,
    )


def of_worker(settings: Settings, database: Database, clock: Clock, planner: Planner) -> Iterator[tuple[str, Run]]:
    """What one process of an installation, or several at once, does for all: the index, letters, and what is due."""
    booking, promises = policy(settings), callback_rules(settings, clock, closings_everywhere)
    mailer = make_mailer(settings.smtp_url, settings.mail_dir, settings.mail_from)
    by, secret = sender(settings), booking.secret_key
    handlers = {
        **Correspondent(database, clock, planner, booking, mailer, by).handlers,
        **Interviewer(database, clock, planner, mailer, by, secret, enabled=settings.survey).handlers,
        **CallbackCorrespondent(database, clock, promises, mailer, by, secret).handlers,
        **DepartmentPost(database, clock, mailer, by, secret, article_facts).handlers,
    }
    yield "index", Indexer(database, settings.index_dir).run
    yield "outbox", OutboxWorker(database, clock, handlers).run
    yield "housekeeping", Housekeeper(database, clock).run
    yield "end of day", HallKeeper(database, clock, planner).run
    yield "callbacks", Escalator(database, clock, promises).run
    yield "joining", Joiner(database).run
    yield "calls", CallCounter(database, clock).run
    yield "days", DayCounter(database, clock, settings.repeat_days).run
    yield "export", Exporter(clock, settings.export_dir).run
    yield "forecasts", ForecastKeeper(database, clock).run
    yield "lead times", LeadTimeKeeper(database, clock, planner, booking).run
