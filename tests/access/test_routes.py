"""Every route × every role × nobody, against a table of who may what."""

from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from kcc.access.roles import Role
from kcc.routes import all_routes
from kcc.settings import Settings
from tests.access.report_routes import LEADS, REPORTS
from tests.conftest import browser_of

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]

EVERYONE = frozenset(Role)
OFFICE = EVERYONE - {Role.DEVICE}
EDITORS = frozenset({Role.EDITOR, Role.ADMINISTRATOR})
EDITORS_AND_LEADS = EDITORS | {Role.TEAM_LEAD}
BOOKING = frozenset({Role.AGENT, Role.COUNTER_CLERK, Role.TEAM_LEAD, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
TOLD = BOOKING | EDITORS
CLERKS = BOOKING - {Role.AGENT}
VISIT_VERBS = (
    *("call", "recall", "start", "park", "resume", "transfer", "finish", "missed", "leave"),
    *("wrong-ticket", "reopen", "back", "corrections"),
)

# Pages of management: to see, to change, to remove.
SEEN = (
    "/beheer",
    "/beheer/producten",
    "/beheer/locaties",
    "/beheer/locaties/{code}",
    "/beheer/sluitingsdagen",
    "/beheer/onderwerpen",
    "/beheer/baliemedewerkers",
)
CHANGED = (
    "/beheer/producten/nieuw",
    "/beheer/producten/{code}",
    "/beheer/locaties/nieuw",
    "/beheer/locaties/{code}/wijzigen",
    "/beheer/locaties/{code}/balies/nieuw",
    "/beheer/locaties/{code}/balies/{part}",
    "/beheer/locaties/{code}/tijden/nieuw",
    "/beheer/locaties/{code}/tijden/{part:int}",
    "/beheer/sluitingsdagen/nieuw",
    "/beheer/sluitingsdagen/{part:int}",
    "/beheer/onderwerpen/nieuw",
    "/beheer/onderwerpen/{code}",
    "/beheer/onderwerpen/{code}/samenvoegen",
    "/beheer/vakafdelingen/nieuw",
    "/beheer/vakafdelingen/{code}",
    "/beheer/baliemedewerkers/{id:int}",
)
REMOVED = (
    "/beheer/producten/{code}/verwijderen",
    "/beheer/locaties/{code}/verwijderen",
    "/beheer/locaties/{code}/balies/{part}/verwijderen",
    "/beheer/locaties/{code}/tijden/{part:int}/verwijderen",
    "/beheer/sluitingsdagen/{part:int}/verwijderen",
    "/beheer/onderwerpen/{code}/verwijderen",
    "/beheer/vakafdelingen/{code}/verwijderen",
)
# What the API calls things by that administrators change.
THINGS = {
    "topics": "{code}",
    "departments": "{code}",
    "products": "{code}",
    "locations": "{code}",
    "counters": "{code}",
    "opening-rules": "{id:int}",
    "closing-days": "{id:int}",
}

# Also open to who is not signed in.
PUBLIC = frozenset(
    {
        "GET /",
        "GET /antwoorden",
        "GET /antwoorden/{slug}",
        "POST /antwoorden/{slug}/reactie",
        "GET /afspraak",
        "GET /afspraak/online",
        "GET /afspraak/locatie",
        "GET /afspraak/tijd",
        "POST /afspraak/tijd",
        "GET /afspraak/gegevens",
        "POST /afspraak/gegevens",
        "GET /afspraak/controle",
        "POST /afspraak/controle",
        "GET /afspraak/bevestigen",
        "POST /afspraak/bevestigen",
        "GET /afspraak/gemaakt",
        "GET /afspraak/afspraak.ics",
        "GET /afspraak/beheer",
        "GET /afspraak/beheer/zoeken",
        "POST /afspraak/beheer/zoeken",
        "POST /afspraak/beheer/afsluiten",
        "GET /afspraak/beheer/verzetten",
        "POST /afspraak/beheer/verzetten",
        "GET /afspraak/beheer/afzeggen",
        "POST /afspraak/beheer/afzeggen",
        "POST /afspraak/beheer/eerder",
        "POST /afspraak/beheer/aanbod/{offer:int}",
        "GET /terugbellen/{token}",
        "POST /terugbellen/{token}",
        "GET /enquete/{token}",
        "POST /enquete/{token}",
        "GET /vraag/{token}",
        "POST /vraag/{token}",
        "GET /apparaat/{secret}",
        "POST /apparaat/{secret}",
        "GET /inloggen",
        "POST /inloggen",
        "POST /uitloggen",
        "GET /privacy",
        "GET /toegankelijkheid",
        "GET /.well-known/security.txt",
        "GET /robots.txt",
        "GET /favicon.ico",
        "GET /healthz",
        "GET /readyz",
        "GET /merk/logo",
        "GET /merk/thema.css",
        "GET /api/v1/openapi.json",
        "GET /api/v1/articles",
        "GET /api/v1/articles/{slug}",
        "GET /api/v1/suggestions",
        "GET /api/v1/topics",
        "GET /api/v1/departments",
        "GET /api/v1/availability",
        "POST /api/v1/holds",
        "DELETE /api/v1/holds/{id}",
        "POST /api/v1/appointments",
        "GET /api/v1/appointments/{code}",
        "POST /api/v1/appointments/{code}/cancel",
        "POST /api/v1/appointments/{code}/reschedule",
        "GET /api/v1/proof-challenge",
        "GET /api/v1/products",
        "GET /api/v1/products/{code}",
        "GET /api/v1/locations",
        "GET /api/v1/locations/{code}",
        "POST /api/v1/calls/events",
    }
)
CLOSED: dict[str, frozenset[Role]] = {
    "GET /werk": OFFICE,
    "POST /werk/zoekvraag": OFFICE,
    "POST /werk/reactie": OFFICE,
    **dict.fromkeys(
        (
            "GET /werk/afspraak",
            "POST /werk/afspraak",
            "GET /werk/afspraken",
            "POST /werk/afspraken",
            "POST /werk/afspraken-mail",
            "GET /werk/afspraken/{code}/gegevens",
            "POST /werk/afspraken/{code}/gegevens",
            "GET /werk/afspraken/{code}",
            "GET /werk/afspraken/{code}/afzeggen",
            "POST /werk/afspraken/{code}/afzeggen",
            "POST /werk/afspraken/{code}/bevestiging",
            "POST /werk/afspraken/{code}/eerder",
            "GET /werk/afspraken/{code}/verzetten",
            "POST /werk/afspraken/{code}/verzetten",
        ),
        BOOKING,
    ),
    "GET /werk/toestel": BOOKING,
    "POST /werk/toestel": BOOKING,
    **dict.fromkeys(
        (
            "GET /werk/berichten",
            "GET /werk/berichten/archief",
            "POST /werk/berichten/{id:int}/gelezen",
            "GET /werk/vragen",
            "GET /werk/vragen/nieuw",
            "POST /werk/vragen/nieuw",
            "POST /werk/vragen/{id:int}/gelezen",
            "POST /werk/vragen/{id:int}/afgehandeld",
            "GET /api/v1/announcements",
            "POST /api/v1/announcements/{id:int}/read",
            "GET /api/v1/department-questions",
            "POST /api/v1/department-questions",
            "GET /api/v1/department-questions/{id:int}",
            "POST /api/v1/department-questions/{id:int}/answer",
            "POST /api/v1/department-questions/{id:int}/close",
        ),
        TOLD,
    ),
    **dict.fromkeys(
        (
            "GET /werk/berichten/nieuw",
            "POST /werk/berichten/nieuw",
            "GET /werk/berichten/{id:int}/wijzigen",
            "POST /werk/berichten/{id:int}/wijzigen",
            "POST /werk/berichten/{id:int}/beeindigen",
            "POST /werk/berichten/{id:int}/verwijderen",
            "POST /api/v1/announcements",
            "PUT /api/v1/announcements/{id:int}",
            "DELETE /api/v1/announcements/{id:int}",
        ),
        EDITORS_AND_LEADS,
    ),
    "GET /redactie": EDITORS_AND_LEADS,
    "POST /redactie/voorstellen/{id:int}": EDITORS,
    "POST /redactie/meldingen/{id:int}": EDITORS,
    "PATCH /api/v1/appointments/{code}": BOOKING,
    "POST /api/v1/articles": EDITORS,
    "PUT /api/v1/articles/{slug}": EDITORS,
    "GET /api/v1/articles/{slug}/revisions": EDITORS,
    "POST /api/v1/articles/{slug}/feedback": OFFICE,
    **{f"GET {path}": ADMINISTRATORS for path in (*SEEN, *CHANGED)},
    **{f"POST {path}": ADMINISTRATORS for path in (*CHANGED, *REMOVED)},
    **{f"POST /api/v1/{things}": ADMINISTRATORS for things in THINGS},
    **{
        f"{method} /api/v1/{things}/{key}": ADMINISTRATORS
        for things, key in THINGS.items()
        for method in ("PUT", "DELETE")
    },
    "GET /balie": CLERKS,
    "GET /balie/{location}": CLERKS,
    "POST /balie/{location}": CLERKS,
    "GET /balie/{location}/bezoeken": CLERKS,
    "GET /balie/{location}/bezoeken/{id:int}": CLERKS,
    "POST /balie/{location}/bezoeken/{id:int}": CLERKS,
    "GET /kiosk/{location}": BOOKING | {Role.DEVICE},
    "POST /kiosk/{location}": BOOKING | {Role.DEVICE},
    "GET /kiosk/{location}/mening": BOOKING | {Role.DEVICE},
    "POST /kiosk/{location}/mening": BOOKING | {Role.DEVICE},
    "GET /beheer/locaties/{code}/schermen": ADMINISTRATORS,
    "POST /beheer/locaties/{code}/schermen": ADMINISTRATORS,
    "POST /beheer/locaties/{code}/schermen/{id:int}/intrekken": ADMINISTRATORS,
    "GET /wachtruimte/{location}": BOOKING | {Role.DEVICE},
    "GET /wachtruimte/{location}/nu": BOOKING | {Role.DEVICE},
    "POST /api/v1/appointments/{code}/check-in": BOOKING | {Role.DEVICE},
    "POST /api/v1/visits": BOOKING | {Role.DEVICE},
    "GET /api/v1/visits": BOOKING,
    "GET /api/v1/visits/{id:int}": CLERKS,
    **REPORTS,
    "GET /rapport/live": LEADS | {Role.AGENT},
    "GET /rapport/live/nu": LEADS | {Role.AGENT},
    **dict.fromkeys(
        (
            "POST /werk/contact",
            "POST /werk/contact/bewaren",
            "GET /werk/gesprekken/nu",
            "POST /werk/gesprekken/{id:int}/contact",
            "POST /werk/contact/{id:int}/heropenen",
            "GET /werk/snel",
            "POST /werk/snel",
            "GET /werk/contacten",
            "POST /werk/contacten/{id:int}/heropenen",
            "GET /api/v1/contacts",
            "POST /api/v1/contacts",
            "POST /api/v1/contacts/quick",
            "POST /api/v1/contacts/search",
            "GET /api/v1/contacts/{id:int}",
            "PATCH /api/v1/contacts/{id:int}",
            "POST /api/v1/contacts/{id:int}/finish",
            "POST /api/v1/contacts/{id:int}/reopen",
            "GET /api/v1/callbacks",
            "POST /api/v1/callbacks",
            "GET /api/v1/callbacks/{id:int}",
            "POST /api/v1/callbacks/{id:int}/attempts",
            "POST /api/v1/callbacks/{id:int}/notes",
            "POST /api/v1/callbacks/{id:int}/close",
            "POST /api/v1/callbacks/{id:int}/hand-over",
            "GET /werk/terugbellen",
            "GET /werk/terugbellen/nieuw",
            "POST /werk/terugbellen/nieuw",
            "GET /werk/terugbellen/{id:int}",
            "POST /werk/terugbellen/{id:int}",
            "POST /werk/terugbellen/{id:int}/afdeling",
        ),
        BOOKING,
    ),
    "GET /api/v1/departments/{code}": ADMINISTRATORS,
    "GET /api/v1/callbacks/in-time": LEADS,
    "GET /api/v1/first-contact": LEADS,
    "GET /api/v1/service-levels": LEADS,
    "POST /api/v1/topics/{code}/merge": ADMINISTRATORS,
    "GET /api/v1/clerks": ADMINISTRATORS,
    "PUT /api/v1/clerks/{name}/products": ADMINISTRATORS,
    "GET /api/v1/waits": LEADS,
    "GET /api/v1/lead-times": LEADS,
    "GET /api/v1/satisfaction": LEADS,
    "GET /api/v1/calls": LEADS,
    "GET /api/v1/contacts/unjoined": LEADS,
    **{f"POST /api/v1/counters/{{code}}/{verb}": CLERKS for verb in ("open", "close", "call-next")},
    **{f"POST /api/v1/visits/{{id:int}}/{verb}": CLERKS for verb in VISIT_VERBS},
    **{f"GET /api/v1/{things}": OFFICE for things in ("counters", "opening-rules", "closing-days")},
    "GET /api/v1/counters/{code}": OFFICE,
    "GET /api/v1/opening-rules/{id:int}": OFFICE,
    "GET /api/v1/closing-days/{id:int}": OFFICE,
}
# What stands in an address for its parameters. Nothing is called so, so that the walk removes nothing.
STAND_INS = {
    "{slug}": "paspoort-aanvragen",
    "{id:int}": "1",
    "{part:int}": "1",
    "{offer:int}": "1",
    "{id}": "nergens",
    "{code}": "nergens",
    "{name}": "nergens",
    "{location}": "nergens",
    "{secret}": "nergens",
    "{token}": "nergens",
    "{part}": "nergens",
}


def _address(path: str) -> str:
    for parameter, value in STAND_INS.items():
        path = path.replace(parameter, value)
    return path


def _routes(settings: Settings) -> Iterator[tuple[str, str]]:
    for route in all_routes(settings):
        if isinstance(route, Route):
            for method in sorted(route.methods or set()):
                yield method, route.path


def _entry(method: str, path: str) -> str:
    return f"{'GET' if method == 'HEAD' else method} {path}"


def _outcome(response: httpx.Response) -> str:
    if response.status_code == 401 or response.headers.get("location", "").startswith("/inloggen?next="):
        return "log in first"
    if response.status_code == 403:
        return "not this role"
    return "broken" if response.status_code >= 500 else "let in"


async def _walk(settings: Settings, pages: httpx.AsyncClient, api: httpx.AsyncClient) -> dict[str, str]:
    """What each route answers; signing out comes last, since it ends the walk of pages."""
    outcomes = {}
    for method, path in sorted(_routes(settings), key=lambda route: route[1] == "/uitloggen"):
        address = _address(path)
        client = api if path.startswith("/api/") else pages
        outcomes[f"{method} {path}"] = _outcome(await client.request(method, address))
    return outcomes


def _expected(settings: Settings, role: Role | None) -> dict[str, str]:
    expected = {}
    for method, path in _routes(settings):
        entry = _entry(method, path)
        if entry in PUBLIC:
            expected[f"{method} {path}"] = "let in"
        elif role is None:
            expected[f"{method} {path}"] = "log in first"
        else:
            expected[f"{method} {path}"] = "let in" if role in CLOSED[entry] else "not this role"
    return expected


def test_the_table_names_every_route_and_no_other() -> None:
    assert {_entry(*route) for route in _routes(Settings())} == PUBLIC | CLOSED.keys()


def test_only_static_files_lie_outside_the_routes() -> None:
    others = [route for route in all_routes(Settings()) if not isinstance(route, Route)]
    assert [(type(route), getattr(route, "path", None)) for route in others] == [(Mount, "/static")]


@pytest.mark.parametrize("role", Role)
async def test_each_route_serves_the_roles_it_names_and_no_other(
    kennisbank: None, settings: Settings, sign_in: SignIn, with_token: SignIn, role: Role
) -> None:
    assert await _walk(settings, await sign_in(role), await with_token(role)) == _expected(settings, role)


async def test_nobody_gets_into_what_is_not_public(kennisbank: None, settings: Settings, app: Starlette) -> None:
    async with browser_of(app) as pages, browser_of(app) as api:
        assert await _walk(settings, pages, api) == _expected(settings, None)


async def test_an_account_without_roles_gets_into_nothing_closed(
    kennisbank: None, settings: Settings, sign_in: SignIn
) -> None:
    pages = await sign_in()
    for entry in CLOSED:
        method, path = entry.split()
        if not path.startswith("/api/"):
            response = await pages.request(method, _address(path))
            assert response.status_code == 403, entry
