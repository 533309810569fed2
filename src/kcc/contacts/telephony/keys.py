"""Keyed hashes of telephony: what only this installation can make, and nobody can read a number from."""

import hmac
import re
from functools import lru_cache
from hashlib import blake2b, sha256

CONTACT_DETAIL = b"contact-detail:"  # as kcc.access.contact_details.keyed hashes it: the same number, the same key

LONG_NUMBER = re.compile(r"\+?\d{9,}", re.ASCII)
_SHORTEST_OUTSIDE = 9  # digits; a shorter number is an extension of the exchange's own
_CACHED = 4096


class Keys:
    """Makes the keys of one installation."""

    def __init__(self, secret_key: str) -> None:
        plain = secret_key.encode()
        plain = (sha256(plain).digest() if len(plain) > 64 else plain).ljust(64, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in plain) + CONTACT_DETAIL)
        self._outer = sha256(bytes(byte ^ 0x5C for byte in plain))
        key = hmac.digest(secret_key.encode(), b"call-event", "sha256")
        self._event = blake2b(digest_size=12, key=key)
        # Who calls again does so within the hour, mostly.
        self.caller = lru_cache(_CACHED)(self._caller)

    def of_line(self, at: int, line: str) -> str:
        """The key of a line: its second since 1970, so that keys lie in order of time, and a keyed hash of it all.

        A `|` at the end makes no other line of it.
        """
        digest = self._event.copy()  # not by `fingerprint`: there can be a million lines
        digest.update(line.rstrip("|").encode(errors="replace"))
        return f"{at:010}{digest.hexdigest()}"

    def of_id(self, text: str) -> str:
        """The key of an event that was given an id."""
        return "id-" + self._digest(text)

    def fingerprint(self, data: bytes) -> str:
        """A keyed hash of bytes of a log, in which there are numbers."""
        digest = self._event.copy()
        digest.update(data)
        return digest.hexdigest()

    def _digest(self, text: str) -> str:
        return self.fingerprint(text.encode(errors="replace"))

    def _caller(self, number: str) -> str:
        """The caller's number as a keyed hash, the same as that of a contact's; empty when it was withheld."""
        plain = e164(number)
        if not plain:
            return ""
        # HMAC (RFC 2104) from its two halves: `keyed` prepares them anew each time, which takes five times as long.
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(plain.encode())
        outer.update(inner.digest())
        return outer.hexdigest()

    def without_numbers(self, text: str) -> str:
        """The text with each number that somebody could be called at, as a keyed hash of 12 digits after `~`."""
        return LONG_NUMBER.sub(lambda found: "~" + self.caller(found[0])[:12], text)


def e164(text: str) -> str:
    """A number as exchanges write it, as E.164 does: `+31612345678`; an extension as it is; else empty.

    By its shape alone: looking each up in the plans of all countries takes fifty times as long.
    """
    if len(text) == 10 and text.isdigit() and text[0] == "0" != text[1]:
        return "+31" + text[1:]
    digits = text.strip().replace(" ", "").replace("-", "")
    international = digits.startswith("+")
    digits = digits.lstrip("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15 + 2:
        return ""
    if international:
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("0"):
        return "+31" + digits[1:]
    return "+" + digits if len(digits) > _SHORTEST_OUTSIDE else digits


def struck_out(text: str) -> str:
    """The text without long numbers, for a line that nobody could read."""
    return LONG_NUMBER.sub("…", text)
