"""Examples for the OpenAPI file."""

AVAILABILITY = {
    "durationMinutes": 10,
    "days": [
        {"date": "2026-11-24", "starts": ["2026-11-24T07:50:00Z", "2026-11-24T08:10:00Z"]},
        {"date": "2026-11-25", "starts": []},
    ],
}
HOLD_REQUEST = {
    "location": "stadhuis",
    "products": [{"code": "paspoort", "persons": 1}],
    "startsAt": "2026-11-24T09:20:00Z",
}
HOLD = {
    "id": "nD2nWq8yq0c1V0eX3yB2mJ5uR7tK9pLa",
    "startsAt": "2026-11-24T09:20:00Z",
    "endsAt": "2026-11-24T09:30:00Z",
    "expiresAt": "2026-11-23T15:10:00Z",
}
APPOINTMENT_REQUEST = {
    "hold": "nD2nWq8yq0c1V0eX3yB2mJ5uR7tK9pLa",
    "name": "Voorbeeld Inwoner",
    "email": "inwoner@voorbeeld.example",
    "phone": None,
    "language": "nl",
}
APPOINTMENT = {
    "code": "K7QP4M2X",
    "manageUrl": "https://kcc.example/afspraak/beheer?token=lJ8mXfV2n0c1V0eX3yB2mJ5uR7tK9pLa",
    "startsAt": "2026-11-24T09:20:00Z",
    "endsAt": "2026-11-24T09:30:00Z",
    "location": "stadhuis",
    "products": [{"code": "paspoort", "persons": 1}],
}
DETAIL = {
    "code": "K7QP4M2X",
    "status": "booked",
    "startsAt": "2026-11-24T09:20:00Z",
    "endsAt": "2026-11-24T09:30:00Z",
    "location": "stadhuis",
    "address": "Markt 1, Voorbeeld",
    "products": [{"code": "paspoort", "persons": 1}],
    "sequence": 0,
    "name": "Voorbeeld Inwoner",
    "email": "inwoner@voorbeeld.example",
    "phone": None,
    "language": "nl",
    "earlier": False,
}
CORRECTION = {"email": "nieuw@voorbeeld.example", "phone": "+31612345678"}
RESCHEDULE = {"startsAt": "2026-11-24T10:00:00Z"}
CHALLENGE = {
    "parameters": {
        "algorithm": "PBKDF2/SHA-256",
        "cost": 1000,
        "nonce": "2b7f",
        "salt": "9c41",
        "keyPrefix": "00",
        "keyLength": 32,
        "data": {"expires": 1795507200},
    },
    "signature": "5d1e",
}
