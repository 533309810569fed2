"""An exchange that tells of calls by the API."""

import hashlib
import hmac
import json
from typing import Any

import httpx

from tests.conftest import NOW

PATH = "/api/v1/calls/events"


class Exchange:
    """Sends signed events."""

    def __init__(self, client: httpx.AsyncClient, secret: str) -> None:
        self.client, self.secret = client, secret

    async def send(self, *events: Any, off: int = 0, **change: str) -> httpx.Response:
        return await self.raw(json.dumps({"source": "centrale", "events": events}).encode(), off=off, **change)

    async def raw(self, body: bytes, *, off: int = 0, **change: str) -> httpx.Response:
        timestamp = str(int(NOW.timestamp()) + off)
        digest = hmac.new(self.secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "x-kcc-timestamp": timestamp,
            "x-kcc-signature": f"sha256={digest}",
        }
        sent = {name: value for name, value in (headers | change).items() if value}
        return await self.client.post(PATH, content=body, headers=sent)


def event(number: int | str, kind: str, at: str = "2026-11-24T07:30:00Z", **more: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "callId": "c-1", "queue": "algemeen", "kind": kind, "at": at} | more
