"""The application: the only module that knows every capability."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from kcc import demo, site
from kcc.access import pages as access_pages
from kcc.access.guard import guarded, public
from kcc.access.limits import BOOKINGS_PER_CONTACT, FEEDBACK, HOLDS, LOOKUPS, AddressLimit, LoginLimits
from kcc.access.proof import Proofs
from kcc.access.state import AccessState
from kcc.appointments import api as appointments_api
from kcc.appointments import correcting_api
from kcc.appointments.counting import ProductCounter
from kcc.appointments.hall import api as hall_api
from kcc.appointments.hall import clerk_pages, device_pages, kiosk_pages, wall_pages
from kcc.appointments.hall.ending import HallKeeper
from kcc.appointments.hall.state import HallState
from kcc.appointments.hall.watching import HallWatch
from kcc.appointments.housekeeping import Housekeeper
from kcc.appointments.letters.sending import Correspondent
from kcc.appointments.letters.writing import Sender
from kcc.appointments.menu import MenuKeeper
from kcc.appointments.pages import choosing as appointments_pages
from kcc.appointments.planner import Planner
from kcc.appointments.planning import api as plan_api
from kcc.appointments.planning import pages as plan_pages
from kcc.appointments.policy import policy
from kcc.catalogue import api as catalogue_api
from kcc.catalogue import pages as catalogue_pages
from kcc.catalogue.state import CatalogueState
from kcc.connectors.smtp import make_mailer
from kcc.desk import pages as desk_pages
from kcc.errors import DomainError
from kcc.knowledge import api as knowledge_api
from kcc.knowledge import editorial
from kcc.knowledge import pages as knowledge_pages
from kcc.knowledge.following import follow_topics
from kcc.knowledge.indexing import Indexer
from kcc.knowledge.queries import product_topics
from kcc.knowledge.search_counts import SearchCounter
from kcc.knowledge.searching import Searcher
from kcc.knowledge.state import KnowledgeState
from kcc.service_levels import api as service_levels_api
from kcc.service_levels.lead_times import LeadTimeKeeper
from kcc.settings import Settings, load_settings
from kcc.storage.database import Database
from kcc.storage.installation import is_demonstration
from kcc.storage.migrate import current_revision, newest_revision
from kcc.storage.unavailable import DATABASE_ERRORS
from kcc.storage.worker import OutboxWorker
from kcc.web import logs, openapi, problems
from kcc.web.assets import STATIC
from kcc.web.bodies import BodyLimit
from kcc.web.crashes import CrashGuard
from kcc.web.csrf import CrossSiteProtection
from kcc.web.headers import StandardHeaders
from kcc.web.municipality import municipality
from kcc.web.nul import RefuseNul
from kcc.web.routing import Route
from kcc.web.static_server import CachedStaticFiles
from kcc.web.templating import make_environment

TEMPLATE_PACKAGES = ("kcc.web", "kcc.knowledge", "kcc.catalogue", "kcc.appointments", "kcc.desk", "kcc.access")


class AppState(KnowledgeState, AccessState, HallState, CatalogueState):
    """Everything a request can reach."""


class NotMigrated(RuntimeError):
    """The database is not at the version this code needs."""


def api_routes() -> list[BaseRoute]:
    """All routes of the API."""
    return [
        *knowledge_api.routes,
        *catalogue_api.routes,
        *appointments_api.routes,
        *correcting_api.routes,
        *plan_api.routes,
        *hall_api.routes,
        *service_levels_api.routes,
    ]


def openapi_document(settings: Settings) -> dict[str, Any]:
    """The OpenAPI document of this service."""
    contact = {
        "name": settings.municipality_name,
        "url": f"{settings.base_url}/toegankelijkheid",
        "email": settings.privacy_contact,
    }
    return openapi.document(api_routes(), base_url=settings.base_url, contact=contact)


def _openapi_route(settings: Settings) -> Route:
    document = openapi_document(settings)

    @public
    async def openapi_json(request: Request[Any]) -> Response:
        """The OpenAPI document, for everyone and from every site."""
        return JSONResponse(
            document, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
        )

    return Route("/api/v1/openapi.json", openapi_json)


def all_routes(settings: Settings) -> list[BaseRoute]:
    """Every route of the service, each guarded by what it declares."""
    pages = [
        *knowledge_pages.routes,
        *editorial.routes,
        *desk_pages.routes,
        *plan_pages.routes,
        *clerk_pages.routes,
        *wall_pages.routes,
        *kiosk_pages.routes,
        *device_pages.routes,
        *catalogue_pages.routes,
        *access_pages.routes,
        *appointments_pages.routes,
        *site.routes,
    ]
    static = CachedStaticFiles(directory=STATIC)
    return [
        *guarded([*api_routes(), _openapi_route(settings), *pages]),
        Mount("/static", static, name="static"),
    ]


async def _keep(name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run background work; when it ends by an error, log it and begin again."""
    while True:
        try:
            await run()
        except Exception:
            problems.log.exception("background.failed", work=name)
        await asyncio.sleep(5)


@asynccontextmanager
async def _running(name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    task = asyncio.create_task(_keep(name, run), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _sender(settings: Settings) -> Sender:
    return Sender(
        name=settings.municipality_name,
        phone=settings.municipality_phone,
        address=settings.municipality_address,
        base_url=settings.base_url,
        mail_from=settings.mail_from,
    )


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
            await searcher.start()
            await stack.enter_async_context(_running("search", searcher.run))
            await stack.enter_async_context(_running("counter", counter.run))
            await stack.enter_async_context(_running("product counter", product_counter.run))
            hall_watch = HallWatch(database, clock)
            await stack.enter_async_context(_running("hall", hall_watch.run))
            if settings.worker:
                await stack.enter_async_context(_running("index", Indexer(database, settings.index_dir).run))
                mailer = make_mailer(settings.smtp_url, settings.mail_dir, settings.mail_from)
                correspondent = Correspondent(database, clock, planner, booking, mailer, _sender(settings))
                worker = OutboxWorker(database, clock, correspondent.handlers)
                await stack.enter_async_context(_running("outbox", worker.run))
                await stack.enter_async_context(_running("housekeeping", Housekeeper(database, clock).run))
                await stack.enter_async_context(_running("end of day", HallKeeper(database, clock, planner).run))
                keeper = LeadTimeKeeper(database, clock, planner, booking)
                await stack.enter_async_context(_running("lead times", keeper.run))
            yield AppState(
                settings=settings,
                clock=clock,
                database=database,
                templates=make_environment(TEMPLATE_PACKAGES, municipality(settings, demonstration=demonstration)),
                secret_key=booking.secret_key,
                demonstration=demonstration,
                follow_topics=follow_topics,
                searcher=searcher,
                counter=counter,
                login_limits=LoginLimits(enabled=settings.rate_limits),
                feedback_limit=AddressLimit(FEEDBACK, enabled=settings.rate_limits),
                planner=planner,
                policy=booking,
                menu=MenuKeeper(clock, product_topics),
                product_counter=product_counter,
                hall_watch=hall_watch,
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
