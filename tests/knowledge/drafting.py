"""Articles to test with: as a file, and as the API takes them."""

from typing import Any

TEXT = """\
---
title: Hond aanmelden
topic: paspoort
shortAnswer: U meldt uw hond binnen twee weken aan.
---
## Zo werkt het

Meld de hond online aan.

## Alleen voor medewerkers

Vraag naar het adres.
"""


def article_file(*, without: str = "", body: str = "Meld de hond online aan.", **fields: str) -> str:
    """An article file with these front matter lines added or replaced; values are YAML as written."""
    lines = {"title": "Hond aanmelden", "topic": "paspoort", "shortAnswer": "U meldt uw hond aan."} | fields
    front = "\n".join(f"{name}: {value}" for name, value in lines.items() if name != without)
    return f"---\n{front}\n---\n{body}\n"


def article_json(**fields: Any) -> dict[str, Any]:
    """An article as the API takes it, with these fields added or replaced."""
    return {
        "title": "Hond aanmelden",
        "topic": "paspoort",
        "shortAnswer": "U meldt uw hond binnen twee weken aan.",
        "body": "## Zo werkt het\n\nMeld de hond online aan.",
    } | fields
