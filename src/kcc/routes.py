"""Every route of the service: API and pages."""

from functools import cache, lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from kcc import site
from kcc.access import pages as access_pages
from kcc.access.guard import guarded, public
from kcc.appointments import api as appointments_api
from kcc.appointments import correcting_api
from kcc.appointments.hall import api as hall_api
from kcc.appointments.hall import (
    clerk_pages,
    device_pages,
    kiosk_pages,
    opinion_pages,
    visit_api,
    visit_pages,
    wall_pages,
)
from kcc.appointments.pages import choosing as appointments_pages
from kcc.appointments.planning import api as plan_api
from kcc.appointments.planning import clerks_api, clerks_pages
from kcc.appointments.planning import pages as plan_pages
from kcc.appointments.survey import pages as survey_pages
from kcc.catalogue import api as catalogue_api
from kcc.catalogue import pages as catalogue_pages
from kcc.catalogue import topic_pages
from kcc.contacts.announcements import api as announcements_api
from kcc.contacts.announcements import pages as announcement_pages
from kcc.contacts.callbacks import api as callbacks_api
from kcc.contacts.callbacks import department_pages
from kcc.contacts.callbacks import desk_pages as callback_pages
from kcc.contacts.department_questions import api as department_questions_api
from kcc.contacts.department_questions import link_pages as department_link_pages
from kcc.contacts.department_questions import pages as department_question_pages
from kcc.contacts.joining import api as joining_api
from kcc.contacts.log import api as contacts_api
from kcc.contacts.log import lead_api as contacts_lead_api
from kcc.contacts.log import list_pages, quick_pages
from kcc.contacts.telephony import api as telephony_api
from kcc.desk import pages as desk_pages
from kcc.desk import phone as phone_pages
from kcc.knowledge import api as knowledge_api
from kcc.knowledge import editorial
from kcc.knowledge import pages as knowledge_pages
from kcc.service_levels import api as service_levels_api
from kcc.service_levels import callback_api as callback_figures_api
from kcc.service_levels import contact_api as contact_figures_api
from kcc.service_levels import forecast_api, planned_api, staffing_api, target_api
from kcc.service_levels import knowledge_api as knowledge_figures_api
from kcc.service_levels import phone_api as phone_figures_api
from kcc.service_levels.pages import (
    booking_list,
    call_list,
    callback_list,
    lead_time_list,
    question_list,
    report_tables,
    visit_list,
)
from kcc.service_levels.pages import channels as channel_pages
from kcc.service_levels.pages import first_contact as first_contact_pages
from kcc.service_levels.pages import knowledge as knowledge_report_pages
from kcc.service_levels.pages import live as live_pages
from kcc.service_levels.pages import month as month_report_pages
from kcc.service_levels.pages import phone as phone_report_pages
from kcc.service_levels.pages import planned as planned_pages
from kcc.service_levels.pages import questions as question_pages
from kcc.service_levels.pages import report as report_pages
from kcc.service_levels.pages import roster as roster_pages
from kcc.service_levels.pages import simulation as simulation_pages
from kcc.service_levels.pages import targets as target_pages
from kcc.service_levels.pages import unjoined as unjoined_pages
from kcc.settings import Settings
from kcc.web import openapi
from kcc.web.assets import STATIC
from kcc.web.routing import Route
from kcc.web.static_server import CachedStaticFiles


def api_routes() -> list[BaseRoute]:
    """All routes of the API."""
    return [
        *knowledge_api.routes,
        *catalogue_api.routes,
        *appointments_api.routes,
        *correcting_api.routes,
        *plan_api.routes,
        *clerks_api.routes,
        *hall_api.routes,
        *visit_api.routes,
        *contacts_api.routes,
        *contacts_lead_api.routes,
        *callbacks_api.routes,
        *joining_api.routes,
        *announcements_api.routes,
        *department_questions_api.routes,
        *service_levels_api.routes,
        *contact_figures_api.routes,
        *callback_figures_api.routes,
        *knowledge_figures_api.routes,
        *phone_figures_api.routes,
        *staffing_api.routes,
        *target_api.routes,
        *forecast_api.routes,
        *planned_api.routes,
        *telephony_api.routes,
    ]


def openapi_document(settings: Settings) -> dict[str, Any]:
    """The OpenAPI document of this service."""
    return _document_of(settings.municipality_name, settings.base_url, settings.privacy_contact)


@lru_cache(maxsize=4)  # it takes a fifth of a second
def _document_of(name: str, base_url: str, email: str) -> dict[str, Any]:
    contact = {"name": name, "url": f"{base_url}/toegankelijkheid", "email": email}
    return openapi.document(api_routes(), base_url=base_url, contact=contact)


def _openapi_route(settings: Settings) -> Route:
    document = openapi_document(settings)

    @public
    async def openapi_json(request: Request[Any]) -> Response:
        """The OpenAPI document, for everyone and from every site."""
        return JSONResponse(
            document, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
        )

    return Route("/api/v1/openapi.json", openapi_json)


@cache  # no setting changes them, and each compiles its path
def _guarded_routes() -> tuple[BaseRoute, ...]:
    pages = [
        *knowledge_pages.routes,
        *editorial.routes,
        *desk_pages.routes,
        *callback_pages.routes,
        *department_pages.routes,
        *quick_pages.routes,
        *list_pages.routes,
        *phone_pages.routes,
        *announcement_pages.routes,
        *department_question_pages.routes,
        *department_link_pages.routes,
        *plan_pages.routes,
        *clerk_pages.routes,
        *visit_pages.routes,
        *wall_pages.routes,
        *kiosk_pages.routes,
        *opinion_pages.routes,
        *device_pages.routes,
        *clerks_pages.routes,
        *topic_pages.routes,
        *catalogue_pages.routes,
        *report_pages.routes,
        *report_tables.routes,
        *first_contact_pages.routes,
        *month_report_pages.routes,
        *phone_report_pages.routes,
        *call_list.routes,
        *question_list.routes,
        *callback_list.routes,
        *visit_list.routes,
        *booking_list.routes,
        *lead_time_list.routes,
        *channel_pages.routes,
        *live_pages.routes,
        *roster_pages.routes,
        *planned_pages.routes,
        *question_pages.routes,
        *knowledge_report_pages.routes,
        *simulation_pages.routes,
        *target_pages.routes,
        *unjoined_pages.routes,
        *access_pages.routes,
        *appointments_pages.routes,
        *survey_pages.routes,
        *site.routes,
    ]
    return tuple(guarded([*api_routes(), *pages]))


def all_routes(settings: Settings) -> list[BaseRoute]:
    """Every route of the service, each guarded by what it declares."""
    static = CachedStaticFiles(directory=STATIC)
    return [
        *guarded([_openapi_route(settings)]),
        *_guarded_routes(),
        Mount("/static", static, name="static"),
    ]
