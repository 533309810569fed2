"""Text that a browser keeps for us, sealed: nobody else can read it, nobody can change it, and it expires (Fernet)."""

import base64
import hmac
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken


def seal(secret_key: str, purpose: str, text: str, now: datetime) -> str:
    """The text in letters that a cookie takes; some 4/3 of its bytes in UTF-8, and at most 100 more."""
    return _sealer(secret_key, purpose).encrypt_at_time(text.encode(), int(now.timestamp())).decode()


def unseal(secret_key: str, purpose: str, sealed: str, now: datetime, lifetime: timedelta) -> str | None:
    """The text; None when it was sealed longer ago than `lifetime`, for another purpose, or not by us."""
    try:
        plain = _sealer(secret_key, purpose).decrypt_at_time(
            sealed.encode(), int(lifetime.total_seconds()), int(now.timestamp())
        )
    except (InvalidToken, ValueError):
        return None
    return plain.decode()


def _sealer(secret_key: str, purpose: str) -> Fernet:
    """With a key of its own for each purpose."""
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret_key.encode(), f"sealed:{purpose}".encode(), "sha256")))
