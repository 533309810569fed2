"""The form that all our letters have: one look, as plain text and as HTML. Pure, apart from reading templates."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

WIDTH = 72


@dataclass(frozen=True, slots=True)
class Sender:
    """The municipality as its letters show it. `base_url` has no slash at the end."""

    name: str
    phone: str
    address: str
    base_url: str
    mail_from: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter, ready to go into a mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go, and what one can do there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lists or a paragraph under it, then perhaps a link and a note on it.

    `lists` holds (its own heading or nothing, items) of each list.
    """

    heading: str
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    text: str = ""
    link: Link | None = None
    note: str = ""


def written(
    language: str,
    *,
    subject: str,
    headline: str,
    greeting: str,
    opening: str,
    details: Sequence[tuple[str, tuple[str, ...]]],
    sections: Sequence[Section],
    privacy: str,
    municipality: Sender,
) -> Composed:
    """A letter of these parts, in the form that all our letters have. `privacy` is what the link at its foot says."""
    content = {
        "language": language,
        "subject": subject,
        "headline": headline,
        "greeting": greeting,
        "opening": opening,
        "details": details,
        "sections": sections,
        "privacy": Link(privacy, page("/privacy", municipality, language)),
        "municipality": municipality,
    }
    text = _environment.get_template("letter.txt").render(content)
    return Composed(subject, _wrapped(text), _environment.get_template("letter.html").render(content))


def page(path: str, municipality: Sender, language: str) -> str:
    """The address of a page in the language of the letter."""
    return f"{municipality.base_url}{path}" + ("" if language == "nl" else f"?lang={language}")


def _wrapped(text: str) -> str:
    """Lines of at most WIDTH characters; further lines of an item stand under its first, and links stay whole."""
    lines: list[str] = []
    for line in text.splitlines():
        hang = " " * (len(line) - len(line.lstrip(" ")) + (2 if line.lstrip(" ").startswith("- ") else 0))
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False) or [
            ""
        ]
    return "\n".join(lines).strip() + "\n"


def _phone_link(phone: str) -> str:
    """`tel:` with digits and a plus only."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)


_environment = Environment(
    loader=PackageLoader("kcc.web", "templates/letters"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["phone_link"] = _phone_link
