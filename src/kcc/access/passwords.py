"""Passwords: hashed with argon2id, checked in a thread since that is slow on purpose."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kcc.errors import FieldError, InvalidInput

MIN_LENGTH = 12
MAX_LENGTH = 200
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash. Raises InvalidInput when the password is too short or too long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        problem = FieldError("body", "/password", "length", f"{MIN_LENGTH} tot {MAX_LENGTH} tekens")
        raise InvalidInput(f"Een wachtwoord heeft {MIN_LENGTH} tot {MAX_LENGTH} tekens", [problem])
    return _hasher.hash(password)


async def verify(stored: str | None, password: str) -> bool:
    """Whether the password is right; False in the same time when there is no stored hash."""
    return await asyncio.to_thread(_verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        _hasher.verify(stored or _of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _of_nobody() -> str:
    """Checked when the account does not exist, so that the answer takes as long as when it does."""
    return _hasher.hash("there is nobody with this name")
