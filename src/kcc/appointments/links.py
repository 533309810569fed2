"""Codes that people read out, and the tokens in the links they are mailed."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode

# Without vowels (no words), and without what looks or sounds like something else.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ2345678"
CODE_LENGTH = 8


def new_code() -> str:
    """A code for an appointment: eight characters, e.g. `K7QP4M2X`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def readable(code: str) -> str:
    """A code as people read it: `K7QP-4M2X`."""
    return f"{code[:4]}-{code[4:]}"


def typed_code(text: str) -> str:
    """A code as somebody typed it, with or without spaces, dashes and capitals."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())[:40]


def manage_token(secret_key: str, code: str) -> str:
    """The token in the link to an appointment.

    It follows from the secret key, so that every mail can carry it although the database holds its hash only.
    """
    return _token(secret_key, f"appointment:{code}")


def manage_url(base_url: str, secret_key: str, code: str) -> str:
    """The link to an appointment, for in a mail."""
    return f"{base_url}/afspraak/beheer?token={manage_token(secret_key, code)}"


def survey_token(secret_key: str, seed: str) -> str:
    """The token in the link to the survey: of a random seed that is forgotten once the mail is sent."""
    return _token(secret_key, f"survey:{seed}")


def survey_key(secret_key: str, secret: str) -> str:
    """How the survey keeps a token or a secret: 64 hex digits that only this installation can make of it."""
    return hmac.digest(secret_key.encode(), b"survey-key:" + secret.encode(errors="replace"), "sha256").hex()


def _token(secret_key: str, of: str) -> str:
    return urlsafe_b64encode(hmac.digest(secret_key.encode(), of.encode(), "sha256")).rstrip(b"=").decode()


def new_secret() -> str:
    """An id that nobody guesses."""
    return secrets.token_urlsafe(24)


def hashed(secret: str) -> str:
    """How a token or a secret id is stored."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
