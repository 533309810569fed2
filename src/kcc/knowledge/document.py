"""What the search knows of an article: plain values, so that the index needs no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Audience = Literal["public", "agents"]


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it is searched. All text is plain; fee placeholders (`{{code}}`) may stand in it."""

    slug: str
    title: str
    upl: str
    variants: tuple[str, ...]
    synonyms: tuple[str, ...]
    short_answer: str
    #: The sections everyone may read, when the article is public.
    body: str
    #: The section for agents only.
    internal: str
    topic: str
    group: str
    department: str
    audience: Audience
    language: str
    valid_from: date | None
    valid_until: date | None
    source_id: str | None
    updated_at: datetime
