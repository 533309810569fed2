"""Examples of announcements in the OpenAPI document."""

CONTENT = {
    "title": "Storing: parkeervergunning online",
    "text": "Aanvragen lukt nu **niet**. Wij verwachten dat het om 15.00 uur weer werkt.",
    "importance": "urgent",
    "until": "2026-11-24T16:00:00Z",
}
CHANGE = CONTENT | {"from": "2026-11-24T09:12:00Z", "unread": True}
ITEM = CONTENT | {
    "id": 41,
    "from": "2026-11-24T09:12:00Z",
    "writtenBy": "Demo teamleider",
    "read": False,
    "readBy": 3,
    "agents": 12,
    "version": 1,
}
READ = ITEM | {"read": True, "readBy": None, "agents": None}
LIST = {"total": 1, "next": None, "results": [ITEM]}
