"""Examples of questions to departments in the OpenAPI document."""

from typing import Any

ASKED = {
    "article": "grofvuil",
    "question": "Mag een matras sinds dit jaar gratis mee? De inwoner las dat in de krant.",
}
ITEM: dict[str, Any] = {
    **ASKED,
    "id": 12,
    "state": "waiting",
    "topic": None,
    "department": "afval",
    "askedBy": "medewerker",
    "askedAt": "2026-11-24T09:12:00Z",
    "undelivered": False,
    "answer": None,
    "answeredBy": None,
    "answeredAt": None,
    "bsnConfirmedNot": False,
    "closedAt": None,
    "closedBy": None,
}
ANSWER = {"answer": "Ja, één matras per jaar. Wij passen de pagina aan."}
ANSWERED = ITEM | ANSWER | {"state": "answered", "answeredBy": "Sam van Afval", "answeredAt": "2026-11-24T10:40:00Z"}
CLOSED = ANSWERED | {"state": "closed", "closedAt": "2026-11-24T13:05:00Z", "closedBy": "Demo redacteur"}
LIST = {"total": 1, "next": None, "results": [ITEM]}
