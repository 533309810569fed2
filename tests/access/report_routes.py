"""The routes of the reports: every one of them for team leads and administrators."""

from kcc.access.roles import Role

LEADS = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})
_PAGES = (
    *("", "/simulatie", "/vragen", "/telefoon", "/eerste-contact", "/normen", "/gesprekken-zonder-contact"),
    *("/rooster", "/rooster.csv", "/rooster.xlsx", "/rooster/gebeurtenissen", "/rooster/gebeurtenissen/{id:int}"),
    *("/rooster/medewerkers", "/maand", "/telefoon.csv", "/telefoon.xlsx"),
)
_FORMS = (
    *("/normen", "/normen/{id:int}/intrekken"),
    *("/rooster/gebeurtenissen", "/rooster/gebeurtenissen/{id:int}", "/rooster/gebeurtenissen/{id:int}/verwijderen"),
    *("/rooster/medewerkers", "/rooster/medewerkers/{id:int}/verwijderen"),
)
_ENDPOINTS = (
    *("GET targets", "PUT targets", "DELETE targets/{id:int}", "GET forecast", "GET forecast/accuracy"),
    *("GET planned-events", "POST planned-events", "PUT planned-events/{id:int}", "DELETE planned-events/{id:int}"),
    *("GET roster", "PUT roster", "GET staffing", "GET reachability", "GET frequent-problems"),
)
REPORTS = dict.fromkeys(
    (
        *(f"GET /rapport{part}" for part in _PAGES),
        *(f"POST /rapport{part}" for part in _FORMS),
        *(endpoint.replace(" ", " /api/v1/") for endpoint in _ENDPOINTS),
    ),
    LEADS,
)
