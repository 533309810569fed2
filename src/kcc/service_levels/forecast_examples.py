"""Examples of forecasts and of what is planned, for the OpenAPI document."""

from typing import Any

FORECAST: dict[str, Any] = {
    "definition": {
        "metric": "forecast",
        "queue": None,
        "intervalPercent": 90,
        "recordedDays": 40,
        "handlingSeconds": 262.0,
        "patienceSeconds": 190.0,
        "targetPercent": 80.0,
        "thresholdSeconds": 30,
        "version": 1,
    },
    "rows": [
        {
            "start": "2026-11-24T08:00:00Z",
            "state": "forecast",
            "expected": 61.4,
            "least": 49,
            "most": 75,
            "agents": 7,
            "agentsWithoutAbandonment": 7,
            "special": [],
        }
    ],
}
ACCURACY: dict[str, Any] = {
    "definition": {"metric": "forecast-accuracy", "queue": None, "daysAhead": 7, "version": 1},
    "rows": [
        {
            "start": "2026-11-16",
            "days": 5,
            "calls": 1980,
            "expected": 1925.3,
            "errorPercent": 34.8,
            "dayErrorPercent": 6.1,
            "chancePercent": 33.3,
            "lastWeekPercent": 47.1,
        }
    ],
}
EVENT: dict[str, Any] = {
    "name": "Aanslagen gemeentebelastingen",
    "from": "2027-02-22",
    "to": "2027-02-26",
    "factor": 1.5,
    "queue": "",
}
EVENT_ITEM: dict[str, Any] = EVENT | {"id": 3, "measured": None}
EVENTS: dict[str, Any] = {"results": [EVENT_ITEM]}
ROSTER: dict[str, Any] = {
    "stretches": [
        {"weekday": 1, "from": "08:30", "until": "17:00", "agents": 6},
        {"weekday": 1, "from": "09:00", "until": "11:00", "agents": 2},
    ]
}
