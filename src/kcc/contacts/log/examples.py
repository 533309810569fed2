"""Examples of contacts in the OpenAPI document."""

from typing import Any

QUESTION: dict[str, Any] = {
    "id": 7,
    "topic": "paspoort",
    "articles": ["paspoort-aanvragen"],
    "outcome": None,
    "department": None,
    "reached": None,
    "askedColleague": False,
    "searched": True,
    "source": None,
    "note": "",
    "bsnConfirmedNot": False,
    "askedAt": "2026-11-24T09:12:00Z",
    "closedAt": None,
}
RESOLVED = QUESTION | {"outcome": "resolved", "source": "article", "closedAt": "2026-11-24T09:14:10Z"}
CONTACT: dict[str, Any] = {
    "id": 5,
    "agent": "agent",
    "channel": "phone",
    "callId": 3,
    "requester": {"kind": "resident", "department": None, "name": None, "email": None, "phone": "+31612345678"},
    "caseNumber": None,
    "startedAt": "2026-11-24T09:12:00Z",
    "finishedAt": None,
    "version": 1,
    "questions": [QUESTION],
}
FINISHED = CONTACT | {"finishedAt": "2026-11-24T09:14:10Z", "version": 2, "questions": [RESOLVED]}
EARLIER = {
    "contact": 2,
    "startedAt": "2026-11-23T13:40:00Z",
    "channel": "phone",
    "topic": "paspoort",
    "outcome": "resolved",
    "sameTopic": True,
}
DETAIL = CONTACT | {"earlier": [EARLIER]}
LIST = {"total": 1, "next": None, "results": [FINISHED]}
NEW_CONTACT = {
    "channel": "phone",
    "callId": 3,
    "requester": {"kind": "resident", "phone": "06 12345678"},
    "questions": [{"topic": "paspoort"}],
}
CHANGE = {"caseNumber": "Z-2026-00123", "questions": [{"topic": "paspoort", "note": "Wil het thuis ontvangen"}]}
FINISH = {"outcome": "resolved"}
QUICK = {"questions": [{"channel": "counter", "topic": "paspoort"}]}
MADE = {"results": [FINISHED]}
SEARCH = {"phone": "06 12345678"}
