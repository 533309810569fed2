"""Examples for the OpenAPI document of the plan's endpoints. Made up."""

from typing import Any

PRODUCT_CONTENT: dict[str, Any] = {
    "name": "Paspoort aanvragen",
    "nameEn": "Apply for a passport",
    "upl": "paspoort",
    "durationMinutes": 10,
    "furtherPersonMinutes": 10,
    "preparationMinutes": 0,
    "stepMinutes": 10,
    "maxPersons": 4,
    "noticeMinutes": 60,
    "horizonDays": 60,
    "bring": ["Uw oude paspoort of identiteitskaart", "Een pasfoto"],
    "bringEn": ["Your old passport or identity card", "A passport photo"],
    "costs": "{{paspoort-18-plus}}",
    "costsEn": "{{paspoort-18-plus}}",
    "onlineUrl": None,
    "staffOnly": False,
    "leadTimeDays": None,
    "combinableWith": ["rijbewijs"],
    "withdrawnFrom": None,
    "validFrom": "2026-11-24",
    "position": 1,
}
PRODUCT: dict[str, Any] = PRODUCT_CONTENT | {
    "code": "paspoort",
    "costs": "€ 86,85",
    "costsEn": "€86.85",
    "costsTemplate": "{{paspoort-18-plus}}",
    "costsTemplateEn": "{{paspoort-18-plus}}",
    "locations": ["stadhuis"],
}
LOCATION_CONTENT: dict[str, Any] = {
    "name": "Stadhuis",
    "nameEn": "Town hall",
    "kind": "permanent",
    "travelMinutes": 0,
    "addresses": [{"validFrom": "2020-01-01", "address": "Markt 1, Voorbeeld"}],
    "products": [],
    "directions": "",
    "directionsEn": "",
    "walkIns": True,
    "openFrom": None,
    "openUntil": None,
    "position": 1,
}
LOCATION: dict[str, Any] = LOCATION_CONTENT | {"code": "stadhuis", "address": "Markt 1, Voorbeeld", "openCounters": 6}
COUNTER_CONTENT: dict[str, Any] = {
    "location": "stadhuis",
    "name": "Balie 1",
    "openFrom": None,
    "openUntil": None,
    "products": [],
    "position": 1,
}
COUNTER: dict[str, Any] = COUNTER_CONTENT | {"code": "balie-1"}
RULE_CONTENT: dict[str, Any] = {
    "location": "stadhuis",
    "weekday": 1,
    "date": None,
    "opens": "08:30",
    "closes": "17:00",
    "breaks": [{"from": "12:00", "until": "12:30"}],
    "counters": 5,
    "staffOnly": False,
    "validFrom": None,
    "validUntil": None,
}
RULE: dict[str, Any] = RULE_CONTENT | {"id": 7}
CLOSING_CONTENT: dict[str, Any] = {
    "location": None,
    "date": "2026-12-24",
    "from": "12:00",
    "until": "24:00",
    "reason": "Kerstavond",
}
CLOSING: dict[str, Any] = CLOSING_CONTENT | {"id": 3}
TOUCHED: dict[str, Any] = {"touched": [{"code": "7KQ4M2", "startsAt": "2026-12-24T13:00:00Z", "location": "stadhuis"}]}
