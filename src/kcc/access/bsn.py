"""Citizen service numbers (BSN) in text, so that forms can keep them out."""

import re

# Every start is tried, also within an earlier find: "1 111222333" holds one, from its second digit.
_NINE_DIGITS = re.compile(r"(?<!\d)(?=(\d(?:[ .]*\d){8})(?!\d))")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def contains_bsn(text: str) -> bool:
    """Whether the text holds nine digits, with spaces or dots between them or not, that can be a BSN.

    A BSN passes the eleven-test: the digits times 9, 8, …, 2 and -1 add up to a multiple of eleven
    (Logisch Ontwerp BSN). One in eleven other numbers of nine digits passes it too. More digits right beside
    the nine make another number of it.
    """
    return bool(bsn_like(text))


def bsn_like(text: str) -> frozenset[str]:
    """The numbers in the text that can be a BSN, as nine digits each."""
    numbers = (found.replace(" ", "").replace(".", "") for found in _NINE_DIGITS.findall(text))
    return frozenset(number for number in numbers if _passes([int(sign) for sign in number]))


def _passes(digits: list[int]) -> bool:
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return any(digits) and total % 11 == 0
