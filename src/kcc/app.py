"""The application: the only module that knows every capability."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from kcc import background, demo
from kcc.access.limits import BOOKINGS_PER_CONTACT, FEEDBACK, HOLDS, LOOKUPS, AddressLimit, LoginLimits
from kcc.access.proof import Proofs
from kcc.access.state import AccessState
from kcc.appointments.counting import ProductCounter
from kcc.appointments.hall.state import HallState
from kcc.appointments.hall.watching import HallWatch
from kcc.appointments.menu import MenuKeeper
from kcc.appointments.plan_queries import closings_everywhere
from kcc.appointments.planner import Planner
from kcc.appointments.policy import policy
from kcc.catalogue.state import CatalogueState
from kcc.clock import Clock
from kcc.contacts import notices
from kcc.contacts.callbacks import reading as callbacks_reading
from kcc.contacts.callbacks.rules import Rules as CallbackRules
from kcc.contacts.callbacks.rules import rules as callback_rules
from kcc.contacts.callbacks.state import CallbackAppState
from kcc.contacts.department_questions import queries as department_question_queries
from kcc.contacts.department_questions.state import DepartmentQuestionState
from kcc.contacts.log.figure_queries import topic_questions
from kcc.contacts.telephony.naming import named_call
from kcc.contacts.telephony.state import TelephonyState
from kcc.contacts.telephony.watching import RingWatch
from kcc.errors import DomainError
from kcc.knowledge.following import follow_merge, follow_topics
from kcc.knowledge.queries import article_facts, article_topics, articles_about, product_topics
from kcc.knowledge.search_counts import SearchCounter
from kcc.knowledge.searching import Searcher
from kcc.knowledge.state import KnowledgeState
from kcc.routes import all_routes
from kcc.service_levels.live.facts import FactFinder
from kcc.service_levels.live.watching import LiveWatch
from kcc.service_levels.simulator import Simulator
from kcc.service_levels.state import ServiceLevelState
from kcc.service_levels.targets.promising import counter_promise
from kcc.settings import Settings, load_settings
from kcc.storage.database import Database
from kcc.storage.installation import is_demonstration
from kcc.storage.migrate import current_revision, newest_revision
from kcc.storage.unavailable import DATABASE_ERRORS
from kcc.web import logs, problems
from kcc.web.bodies import BodyLimit
from kcc.web.crashes import CrashGuard
from kcc.web.csrf import CrossSiteProtection
from kcc.web.exit_signals import on_exit_signal
from kcc.web.headers import StandardHeaders
from kcc.web.municipality import municipality
from kcc.web.nul import RefuseNul
from kcc.web.templating import make_environment

TEMPLATE_PACKAGES = (
    "kcc.web",
    "kcc.knowledge",
    "kcc.catalogue",
    "kcc.appointments",
    "kcc.contacts",
    "kcc.service_levels",
    "kcc.desk",
    "kcc.access",
)


class AppState(
    KnowledgeState,
    AccessState,
    HallState,
    CatalogueState,
    ServiceLevelState,
    CallbackAppState,
    DepartmentQuestionState,
    TelephonyState,
):
    """Everything a request can reach."""


class NotMigrated(RuntimeError):
    """The database is not at the version this code needs."""


def _live_watch(
    settings: Settings, database: Database, clock: Clock, planner: Planner, promises: CallbackRules
) -> LiveWatch:
    """What the wallboards of this process show. The hours of the contact centre are those in which it calls back."""

    async def hours(session: AsyncSession, day: date) -> list[tuple[datetime, datetime]]:
        return (await promises.hours(session)).openings(day)

    return LiveWatch(database, clock, FactFinder(clock, planner, settings, hours), settings.stream_seconds)


def _lifespan(settings: Settings) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[AppState]:
        database, clock = Database(settings.database), settings.make_clock()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            if await current_revision(database) != newest_revision():
                raise NotMigrated("the database is not at the version this kcc needs; run: kcc migrate")
            async with database.reading() as session:
                demonstration = await is_demonstration(session)
            searcher = Searcher(database, settings.index_dir, clock)
            counter, product_counter = SearchCounter(database, clock), ProductCounter(database, clock)
            planner, booking = Planner(clock.timezone), policy(settings)
            promises = callback_rules(settings, clock, closings_everywhere)
            hall_watch = HallWatch(database, clock, settings.stream_seconds)
            ring_watch = RingWatch(database, clock, settings.stream_seconds)
            live_watch = _live_watch(settings, database, clock, planner, promises)
            hall_watch.tell(live_watch.nudge)
            ring_watch.tell(live_watch.nudge)
            await searcher.start()
            for watch in (hall_watch, ring_watch, live_watch):
                stack.enter_context(on_exit_signal(watch.close))
            beside = [
                ("search", searcher.run),
                ("counter", counter.run),
                ("product counter", product_counter.run),
                ("hall", hall_watch.run),
                ("ringing", ring_watch.run),
                ("wallboard", live_watch.run),
                *(background.of_worker(settings, database, clock, planner) if settings.worker else ()),
            ]
            for name, run in beside:
                await stack.enter_async_context(background.running(name, run))
            simulator = Simulator()
            stack.callback(simulator.close)
            yield AppState(
                settings=settings,
                clock=clock,
                database=database,
                templates=make_environment(TEMPLATE_PACKAGES, municipality(settings, demonstration=demonstration)),
                secret_key=booking.secret_key,
                demonstration=demonstration,
                follow_topics=follow_topics,
                follow_merge=follow_merge,
                article_topics=article_topics,
                callback_rules=promises,
                topic_questions=topic_questions,
                topic_articles=articles_about,
                named_call=named_call,
                callback_stands=callbacks_reading.stands,
                article_facts=article_facts,
                article_questions=department_question_queries.by_article,
                unread=notices.unread,
                searcher=searcher,
                counter=counter,
                login_limits=LoginLimits(enabled=settings.rate_limits),
                feedback_limit=AddressLimit(FEEDBACK, enabled=settings.rate_limits),
                planner=planner,
                policy=booking,
                menu=MenuKeeper(clock, product_topics),
                product_counter=product_counter,
                hall_watch=hall_watch,
                counter_promise=counter_promise(settings),
                ring_watch=ring_watch,
                simulator=simulator,
                live_watch=live_watch,
                proofs=Proofs(booking.secret_key, enabled=settings.rate_limits, above=settings.proof_above),
                hold_limit=AddressLimit(HOLDS, enabled=settings.rate_limits),
                contact_limit=AddressLimit(BOOKINGS_PER_CONTACT, enabled=settings.rate_limits),
                lookup_limit=AddressLimit(LOOKUPS, enabled=settings.rate_limits),
                demo_accounts=demo.ACCOUNTS_SHOWN if demonstration else [],
            )

    return lifespan


def build_app(settings: Settings) -> Starlette:
    """The application for these settings."""
    app = Starlette(
        routes=all_routes(settings),
        lifespan=_lifespan(settings),
        middleware=[
            Middleware(StandardHeaders, secure=settings.secure),
            Middleware(logs.RequestLog),
            Middleware(CrashGuard),
            Middleware(BodyLimit, max_bytes=settings.max_body_bytes),
            Middleware(RefuseNul),
            Middleware(CrossSiteProtection),
        ],
        exception_handlers={
            DomainError: problems.on_domain_error,
            **dict.fromkeys(DATABASE_ERRORS, problems.on_database_error),
            HTTPException: problems.on_http_exception,
        },
    )
    # An address with a slash too many is another address (API design rule 48), not one to redirect.
    app.router.redirect_slashes = False
    return app


def create() -> Starlette:
    """The application for the settings in the environment; what Uvicorn's workers call."""
    settings = load_settings()
    logs.configure(settings.log_format, settings.log_level)
    return build_app(settings)
