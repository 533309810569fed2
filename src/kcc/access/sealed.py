"""Text that a browser keeps for us, sealed: nobody else can read it, nobody can change it, and it expires.

Encrypt-then-MAC with HMAC-SHA256 alone: the keystream is the HMAC of the nonce and a counter, which is a pseudorandom
function in counter mode; the standard library has no cipher, and this is no reason for another dependency.
"""

import base64
import binascii
import hmac
import secrets
from datetime import datetime, timedelta

NONCE, TAG, STAMP, BLOCK = 16, 32, 8, 32


def seal(secret_key: str, purpose: str, text: str, now: datetime) -> str:
    """The text in letters that a cookie takes; some 4/3 of its bytes in UTF-8, and 75 more."""
    encrypting, signing = _keys(secret_key, purpose)
    nonce = secrets.token_bytes(NONCE)
    plain = int(now.timestamp()).to_bytes(STAMP, "big") + text.encode()
    body = nonce + _masked(encrypting, nonce, plain)
    return base64.urlsafe_b64encode(body + hmac.digest(signing, body, "sha256")).decode().rstrip("=")


def unseal(secret_key: str, purpose: str, sealed: str, now: datetime, lifetime: timedelta) -> str | None:
    """The text; None when it was sealed longer ago than `lifetime`, for another purpose, or not by us."""
    encrypting, signing = _keys(secret_key, purpose)
    try:
        raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, tag = raw[:-TAG], raw[-TAG:]
    if len(body) < NONCE + STAMP or not hmac.compare_digest(hmac.digest(signing, body, "sha256"), tag):
        return None
    plain = _masked(encrypting, body[:NONCE], body[NONCE:])
    age = now.timestamp() - int.from_bytes(plain[:STAMP], "big")
    return plain[STAMP:].decode() if age <= lifetime.total_seconds() else None


def _keys(secret_key: str, purpose: str) -> tuple[bytes, bytes]:
    """One key to encrypt with and one to sign with."""
    encrypting, signing = (
        hmac.digest(secret_key.encode(), f"sealed-{use}:{purpose}".encode(), "sha256") for use in ("text", "tag")
    )
    return encrypting, signing


def _masked(key: bytes, nonce: bytes, content: bytes) -> bytes:
    """The content with the keystream over it; twice is the content again."""
    blocks = -(-len(content) // BLOCK)
    stream = b"".join(hmac.digest(key, nonce + number.to_bytes(4, "big"), "sha256") for number in range(blocks))
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))
