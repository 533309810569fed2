"""Examples for the OpenAPI file. Made up."""

from typing import Any

VISIT: dict[str, Any] = {
    "id": 1,
    "number": "A 124",
    "kind": "appointment",
    "state": "waiting",
    "location": "stadhuis",
    "products": [{"code": "paspoort", "persons": 1}],
    "plannedAt": "2026-11-24T09:20:00Z",
    "arrivedAt": "2026-11-24T09:14:00Z",
    "calledAt": None,
    "startedAt": None,
    "finishedAt": None,
    "counter": None,
    "calls": 0,
    "waitSeconds": None,
    "serviceSeconds": None,
}
CALLED = VISIT | {
    "state": "called",
    "calledAt": "2026-11-24T09:21:00Z",
    "counter": "stadhuis-3",
    "calls": 1,
    "waitSeconds": 60,
}
WALK_IN = VISIT | {"id": 2, "number": "B 032", "kind": "walk-in", "plannedAt": None}
VISITS = {"location": "stadhuis", "date": "2026-11-24", "results": [VISIT, WALK_IN]}
NEW_VISIT = {"location": "stadhuis", "products": [{"code": "paspoort", "persons": 1}]}
AT_COUNTER = {"counter": "stadhuis-3"}
TRANSFER = {"products": [{"code": "rijbewijs", "persons": 1}]}
FINISH = {"outcome": "done", "note": ""}
WRONG_TICKET = {"here": 2}
COUNTER = {"code": "stadhuis-3", "name": "Loket 3", "open": True, "clerk": "balie"}
CORRECTION = {"event": 1, "reallyAt": "2026-11-24T09:13:30Z"}
COURSE = VISIT | {
    "arrivedAt": "2026-11-24T09:13:30Z",
    "events": [
        {
            "id": 1,
            "kind": "arrived",
            "at": "2026-11-24T09:14:00Z",
            "counter": None,
            "by": "zuil",
            "outOfOrder": False,
            "corrects": None,
            "reallyAt": None,
        },
        {
            "id": 2,
            "kind": "corrected",
            "at": "2026-11-24T09:20:00Z",
            "counter": None,
            "by": "balie",
            "outOfOrder": False,
            "corrects": 1,
            "reallyAt": "2026-11-24T09:13:30Z",
        },
    ],
}
