"""Proof of work (ALTCHA) for reservations that nobody signed for, asked only while very many come in.

A browser spends about a second on it, unseen and without puzzles; a program that wants all places spends that
second for each of them. Counted and remembered per serving process.
"""

import hmac
import secrets
from collections import deque
from datetime import datetime, timedelta
from typing import Any

from kcc.errors import ProofRequired

LIFETIME = timedelta(minutes=20)
_MINUTE = timedelta(minutes=1)
_ALGORITHM = "PBKDF2/SHA-256"
# One try takes half a millisecond here and in a browser; a solver tries every counter up to the secret one.
_ITERATIONS = 1_000
_COUNTERS = range(1_000, 2_000)
_PAYLOAD_MAX = 2_000
_MISSING = (
    "Het is nu erg druk. Uw computer of telefoon moet eerst een sommetje maken. Dat gaat vanzelf, als JavaScript "
    "aanstaat. Probeer het opnieuw, of bel ons."
)
_WRONG = "De controle is mislukt of verlopen. Probeer het opnieuw, of bel ons."


class Proofs:
    """Asks for proof of work when more than `above` unsigned reservations came within a minute."""

    def __init__(self, secret_key: str, *, enabled: bool, above: int) -> None:
        self._enabled = enabled
        # Two keys of its own: one signs the challenge, one the solution, which spares solving it again to check it.
        self._challenge_key, self._solution_key = (
            hmac.digest(secret_key.encode(), purpose, "sha256") for purpose in (b"proof-challenge", b"proof-solution")
        )
        self._latest: deque[datetime] = deque(maxlen=above + 1)
        self._used: dict[str, int] = {}  # nonce of a challenge that was solved → when it expires

    def note(self, now: datetime) -> None:
        """Count an unsigned reservation. Before `check`, so that the refused ones keep the door closed."""
        self._latest.append(now)

    def wanted(self, now: datetime) -> bool:
        """Whether a reservation needs proof of work at this moment."""
        full = len(self._latest) == self._latest.maxlen
        return self._enabled and full and abs(now - self._latest[0]) < _MINUTE

    def challenge(self, now: datetime) -> dict[str, Any]:
        """A new challenge, as ALTCHA 2 writes it in JSON: `parameters` and `signature`. Good for one reservation."""
        from altcha import create_challenge

        # Expiry goes in our own data: the library compares its own field with the machine's clock, not with ours.
        return create_challenge(
            _ALGORITHM,
            _ITERATIONS,
            counter=secrets.choice(_COUNTERS),
            data={"expires": int((now + LIFETIME).timestamp())},
            hmac_secret=self._challenge_key,
            hmac_key_secret=self._solution_key,
        ).to_dict()

    def check(self, payload: str | None, now: datetime) -> None:
        """Nothing, unless proof is wanted now: then `payload` is a solved challenge, as ALTCHA writes it in base64.

        Raises ProofRequired when it is missing, wrong, expired or used before.
        """
        if not self.wanted(now):
            return
        if not payload:
            raise ProofRequired(_MISSING)
        nonce, expires = self._solved(payload)
        moment = now.timestamp()
        self._used = {one: until for one, until in self._used.items() if until > moment}
        if expires <= moment or nonce in self._used:
            raise ProofRequired(_WRONG)
        self._used[nonce] = expires

    def _solved(self, payload: str) -> tuple[str, int]:
        from altcha import Payload, verify_solution

        if len(payload) > _PAYLOAD_MAX:
            raise ProofRequired(_WRONG)
        if not verify_solution(payload, self._challenge_key, hmac_key_secret=self._solution_key).verified:
            raise ProofRequired(_WRONG)
        parameters = Payload.from_base64(payload).challenge.parameters
        return parameters.nonce, (parameters.data or {})["expires"]
