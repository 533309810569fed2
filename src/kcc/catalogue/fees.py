"""Dated fees: the values behind the `{{code}}` placeholders in articles."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries
from kcc.catalogue.models import FeeKind

PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9][a-z0-9-]*)\s*\}\}")
MISSING = "(bedrag volgt)"


def shown(kind: FeeKind, value: str) -> str:
    """A value as a resident reads it: `86.85` in euros is `€ 86,85`, a round amount has no decimals."""
    if kind is FeeKind.TEXT:
        return value
    amount = Decimal(value)
    digits = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return "€ " + digits.translate(str.maketrans(",.", ".,"))


async def current(session: AsyncSession, today: date) -> dict[str, str]:
    """Every fee as it is today, by code, ready to be read."""
    return {code: shown(kind, value) for code, kind, value in await queries.fee_values(session, today)}


def codes(text: str) -> set[str]:
    """The placeholders a text uses."""
    return set(PLACEHOLDER.findall(text))


def fill(text: str, fees: Mapping[str, str]) -> str:
    """The text with every placeholder filled in; one without a value says so instead of guessing."""
    return PLACEHOLDER.sub(lambda match: fees.get(match[1], MISSING), text)


def missing(texts: Iterable[str], known: Iterable[str]) -> set[str]:
    """The placeholders in these texts for which there is no fee."""
    used: set[str] = set().union(*(codes(text) for text in texts))
    return used - set(known)
