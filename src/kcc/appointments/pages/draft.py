"""What somebody typed on the way to an appointment, kept by their own browser until the appointment is made.

It stands in no address and no log, and here nowhere: the cookie is sealed, and out of reach of scripts.
"""

import json
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.sealed import seal, unseal
from kcc.appointments.pages import journey
from kcc.appointments.state import AppointmentState

PURPOSE = "details"
# Browsers drop a cookie of more than 4096 characters, its name and attributes included.
COOKIE_MAX = 3900


def keep_draft(request: Request[AppointmentState], response: Response, values: dict[str, str]) -> bool:
    """Let the browser keep what was typed; False when that is too much for a cookie, then nothing is kept."""
    text = json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
    sealed = seal(request.state["policy"].secret_key, PURPOSE, text, request.state["clock"].now())
    if len(sealed) > COOKIE_MAX:
        return False
    journey.keep(request, response, journey.DRAFT, sealed)
    return True


def draft(request: Request[AppointmentState]) -> dict[str, str]:
    """What the browser kept, by field; empty when there is nothing, or nothing of the last hour."""
    sealed = journey.cookie(request, journey.DRAFT)
    now, key = request.state["clock"].now(), request.state["policy"].secret_key
    text = unseal(key, PURPOSE, sealed, now, timedelta(seconds=journey.HOUR)) if sealed else None
    found: dict[str, str] = json.loads(text) if text else {}
    return found
