"""The routes of the reports: every one of them for team leads and administrators."""

from kcc.access.roles import Role

LEADS = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})
_PAGES = (
    *("", "/simulatie", "/vragen", "/telefoon", "/eerste-contact", "/normen", "/gesprekken-zonder-contact"),
    *("/rooster", "/rooster.csv", "/rooster.xlsx", "/rooster/gebeurtenissen", "/rooster/gebeurtenissen/{id:int}"),
    *("/rooster/medewerkers", "/telefoon.csv", "/telefoon.xlsx", "/kennis", "/kennis.csv", "/kennis.xlsx"),
    *("/maand", "/eerste-contact.csv", "/eerste-contact.xlsx", "/kanalen", "/kanalen.csv", "/kanalen.xlsx"),
    *(".csv", ".xlsx", "/vragen.csv", "/vragen.xlsx"),
)
_LISTS = ("/telefoon/gesprekken", "/bezoeken", "/vragen/lijst", "/terugbelverzoeken", "/boekingen", "/afspraken")
_FORMS = (
    *("/normen", "/normen/{id:int}/intrekken"),
    *("/rooster/gebeurtenissen", "/rooster/gebeurtenissen/{id:int}", "/rooster/gebeurtenissen/{id:int}/verwijderen"),
    *("/rooster/medewerkers", "/rooster/medewerkers/{id:int}/verwijderen"),
)
_ENDPOINTS = (
    *("GET targets", "PUT targets", "DELETE targets/{id:int}", "GET forecast", "GET forecast/accuracy"),
    *("GET planned-events", "POST planned-events", "PUT planned-events/{id:int}", "DELETE planned-events/{id:int}"),
    *(
        "GET roster",
        "PUT roster",
        "GET staffing",
        "GET reachability",
        "GET frequent-problems",
        "GET knowledge-measures",
    ),
)
REPORTS = dict.fromkeys(
    (
        *(f"GET /rapport{part}" for part in _PAGES),
        *(f"GET /rapport{part}{how}" for part in _LISTS for how in ("", ".csv", ".xlsx")),
        *(f"POST /rapport{part}" for part in _FORMS),
        *(endpoint.replace(" ", " /api/v1/") for endpoint in _ENDPOINTS),
    ),
    LEADS,
)
