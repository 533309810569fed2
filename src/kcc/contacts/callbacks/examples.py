"""Examples of callbacks in the OpenAPI document."""

from typing import Any

NEW_CALLBACK: dict[str, Any] = {
    "contact": 5,
    "department": "burgerzaken",
    "question": "Wil weten of de nieuwe pas er al is",
    "phone": "06 12345678",
    "preferredAt": "2026-11-26T08:00:00Z",
}
CALLBACK: dict[str, Any] = {
    "id": 3,
    "contact": 5,
    "questionId": None,
    "department": "burgerzaken",
    "question": "Wil weten of de nieuwe pas er al is",
    "bsnConfirmedNot": False,
    "phone": "+31612345678",
    "name": None,
    "email": None,
    "language": "nl",
    "preferredAt": "2026-11-26T08:00:00Z",
    "preferredUntil": None,
    "agent": "agent",
    "askedAt": "2026-11-24T09:12:00Z",
    "dueAt": "2026-11-26T08:00:00Z",
    "state": "open",
    "handedBackAt": None,
    "handedBackNote": "",
    "personAlertedAt": None,
    "departmentAlertedAt": None,
    "leadAlertedAt": None,
    "attempts": [],
    "notes": [],
    "closedAt": None,
    "closedBy": None,
    "outcome": None,
    "closingNote": "",
}
ATTEMPT = {"reached": True, "note": "De pas ligt klaar"}
TRIED = CALLBACK | {"attempts": [{"at": "2026-11-25T10:00:00Z", "by": "agent", **ATTEMPT}]}
NOTE = {"note": "De beller belde zelf terug"}
NOTED = {"at": "2026-11-25T11:00:00Z", "by": "agent", **NOTE}
CLOSE = {"outcome": "done", "note": ""}
CLOSED = TRIED | {"state": "closed", "closedAt": "2026-11-25T10:00:00Z", "closedBy": "agent", "outcome": "done"}
HAND_OVER = {"department": "burgerzaken"}
LIST = {"total": 1, "next": None, "results": [CALLBACK]}
