"""The link in the mail to a department: its token follows from the secret key and a seed."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import date, timedelta

from kcc.access.sessions import hashed

PATH = "/vraag"
DAYS = 60


def last_day(asked: date) -> date:
    """The last day on which the link of a question works; `asked` is the day on which it was asked."""
    return asked + timedelta(days=DAYS)


def new_seed() -> str:
    """Of a question; without the secret key it leads nowhere."""
    return secrets.token_urlsafe(24)


def token(secret_key: str, seed: str) -> str:
    """The token of a question, so that a mail that is tried again carries the same link."""
    made = hmac.digest(secret_key.encode(), b"department-question:" + seed.encode(), "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def token_hash(given: str) -> str:
    """How a token is stored."""
    return hashed(given.encode(errors="replace").decode())
