"""The roles people and machines have. A route names the ones it serves."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody does; one person can have several."""

    AGENT = "agent"
    COUNTER_CLERK = "counter-clerk"
    EDITOR = "editor"
    TEAM_LEAD = "team-lead"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy-officer"
    DEVICE = "device"

    @property
    def label(self) -> str:
        """The role as Dutch screens name it."""
        return _LABELS[self]


_LABELS = {
    Role.AGENT: "KCC-medewerker",
    Role.COUNTER_CLERK: "baliemedewerker",
    Role.EDITOR: "redacteur",
    Role.TEAM_LEAD: "teamleider",
    Role.ADMINISTRATOR: "beheerder",
    Role.PRIVACY_OFFICER: "privacyfunctionaris",
    Role.DEVICE: "apparaat",
}

# Everyone who works with articles while helping somebody.
STAFF = frozenset(
    {Role.AGENT, Role.COUNTER_CLERK, Role.EDITOR, Role.TEAM_LEAD, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER}
)
EDITING = frozenset({Role.EDITOR, Role.ADMINISTRATOR})
