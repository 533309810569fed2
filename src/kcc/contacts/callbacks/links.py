"""The link by which a department sees one callback: signed, so that nobody can make one up and none is stored.

It is for one department: of a callback that another department was given, the old link works no longer.
"""

import hmac
import re
from base64 import urlsafe_b64encode

_TOKEN = re.compile(r"(\d{1,18})\.([\w-]{43})", re.ASCII)


def token(secret_key: str, callback: int, department: str) -> str:
    """What stands in the address."""
    digest = hmac.digest(secret_key.encode(), f"callback:{callback}:{department}".encode(), "sha256")
    return f"{callback}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def number_in(text: str) -> int | None:
    """Which callback a token is about, whether it is a good one or not; None of what is no token."""
    found = _TOKEN.fullmatch(text)
    return int(found[1]) if found else None


def opens(secret_key: str, text: str, callback: int, department: str) -> bool:
    """Whether a token is the one of this callback at this department."""
    return hmac.compare_digest(token(secret_key, callback, department).encode(), text.encode(errors="replace"))
