"""Dated fees: the values behind the `{{code}}` placeholders in articles."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries
from kcc.catalogue.models import FeeKind

PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9][a-z0-9-]*)\s*\}\}")
# Between the sign and its amount no line may end.
NO_BREAK = "\u00a0"
_BREAKABLE = re.compile(r"€[ \t]+(?=\d)")
MISSING = "(bedrag volgt)"
MISSING_EN = "(amount to follow)"


def shown(kind: FeeKind, value: str, language: str = "nl") -> str:
    """A value as a resident reads it: `86.85` is `€ 86,85`, in English `€86.85`; a round one has no decimals.

    The space is one at which no line ends.
    """
    if kind is FeeKind.TEXT:
        return value
    amount = Decimal(value)
    digits = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    if language == "en":
        return f"€{digits}"
    return f"€{NO_BREAK}" + digits.translate(str.maketrans(",.", ".,"))


async def current(session: AsyncSession, today: date, language: str = "nl") -> dict[str, str]:
    """Every fee as it is today, by code, ready to be read in a language. Text is in Dutch in every language."""
    return {code: shown(kind, value, language) for code, kind, value in await queries.fee_values(session, today)}


def codes(text: str) -> set[str]:
    """The placeholders a text uses."""
    return set(PLACEHOLDER.findall(text))


def fill(text: str, fees: Mapping[str, str], language: str = "nl") -> str:
    """The text with every placeholder filled in; one without a value says so instead of guessing.

    Amounts that were typed in it, `€ 86,85`, stay on one line too.
    """
    unknown = MISSING_EN if language == "en" else MISSING
    filled = PLACEHOLDER.sub(lambda match: fees.get(match[1], unknown), text)
    return _BREAKABLE.sub(f"€{NO_BREAK}", filled)


def missing(texts: Iterable[str], known: Iterable[str]) -> set[str]:
    """The placeholders in these texts for which there is no fee."""
    used: set[str] = set().union(*(codes(text) for text in texts))
    return used - set(known)
