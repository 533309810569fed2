"""Devices: a kiosk or a screen in the waiting room, let in by a link that an administrator made, at one location.

A link lets in one browser, once; from then on that browser has a secret of its own, which stands in no address.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access import queries
from kcc.access.models import Device
from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.access.sessions import hashed
from kcc.errors import Conflict, FieldError, InvalidInput, NotFound

NAME_MAX = 80
# As long as browsers keep a cookie.
COOKIE_SECONDS = 400 * 24 * 3600


class LinkUsed(Conflict):
    """Another browser was let in with this link."""

    title = "Deze koppeling is al gebruikt"


def cookie_name(secure: bool) -> str:
    """Beside that of people: who signs out at a kiosk does not stop it."""
    return "__Host-kcc-device" if secure else "kcc-device"


async def create(session: AsyncSession, location: str, name: str, now: datetime) -> str:
    """Make a device; returns its link's secret, which cannot be shown again. Raises InvalidInput for no name."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX or not name.isprintable():
        text = f"Geef het apparaat een naam van 1 tot {NAME_MAX} tekens, zoals Zuil bij de ingang"
        raise InvalidInput(text, [FieldError("body", "/name", "length", text)])
    secret = secrets.token_urlsafe(32)
    session.add(Device(location=location, name=name, link_hash=hashed(secret), created_at=now))
    return secret


async def invited(session: AsyncSession, link: str) -> Device:
    """The device that this link is for. Raises NotFound, and LinkUsed when a browser was let in with it."""
    found = await _of_link(session, link)
    if found.claimed_at is not None:
        raise _used()
    return found


async def claim(session: AsyncSession, link: str, page: str, now: datetime) -> tuple[Device, str]:
    """Let the browser in that shows this page; returns the device and the browser's secret.

    `page` is the secret of the page that the link opened: pressed twice there, it is the same browser. Raises
    NotFound, and LinkUsed when another browser was let in.
    """
    secret = hashlib.sha256(f"{link}\n{page}".encode(errors="replace")).hexdigest()
    found = await _of_link(session, link)
    assert found.id is not None
    await queries.claim_device(session, found.id, hashed(secret), now)
    found = await _of_link(session, link)
    if found.token_hash != hashed(secret):
        raise _used()
    return found, secret


async def _of_link(session: AsyncSession, link: str) -> Device:
    found = await queries.invited_device(session, hashed(link))
    if found is None:
        raise NotFound("Deze koppeling is er niet (meer). Vraag de beheerder om een nieuwe.")
    return found


def _used() -> LinkUsed:
    return LinkUsed("Deze koppeling is al gebruikt. Maak in het beheer een nieuwe.")


async def recognise(session: AsyncSession, secret: str) -> Principal | None:
    """The device with this secret, if it was not revoked."""
    found = await queries.live_device(session, hashed(secret))
    return Principal(found.name, frozenset({Role.DEVICE}), location=found.location) if found else None


async def of_location(session: AsyncSession, location: str) -> Sequence[Device]:
    """The devices of a location."""
    return await queries.devices_of(session, location)


async def revoke(session: AsyncSession, location: str, device: int, now: datetime) -> None:
    """Let this device in no longer; one that is not there changes nothing."""
    await queries.revoke_device(session, location, device, now)


def remember(request: Request[Any], response: Response, secret: str) -> None:
    """Let this browser be the device."""
    secure = request.state["settings"].secure
    response.set_cookie(
        cookie_name(secure), secret, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure
    )
