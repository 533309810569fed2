"""What a callback can be, and who hears of one that is overdue. Pure."""

from enum import StrEnum


class Closing(StrEnum):
    """How a callback ended."""

    DONE = "done"
    NOT_REACHED = "not-reached"
    WITHDRAWN = "withdrawn"


class CallbackState(StrEnum):
    """Where it stands: overdue is open and past its due moment."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


class Heard(StrEnum):
    """Who was mailed that a callback is overdue."""

    DEPARTMENT = "department"
    DEPARTMENT_LEAD = "department-lead"
    CENTRE = "centre"
    TEAM_LEAD = "team-lead"


class Alert(StrEnum):
    """Who hears of one that is overdue, in this order: whoever has it, who leads the department, the team lead."""

    PERSON = "person"
    DEPARTMENT = "department"
    LEAD = "lead"
