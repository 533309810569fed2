"""Jinja2 pages: one environment a process, and what every page knows."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kcc.web import dates
from kcc.web.addresses import own_path
from kcc.web.assets import asset
from kcc.web.i18n import language_of, translations
from kcc.web.municipality import Municipality

STAFF_PATHS = ("/inloggen", "/werk", "/redactie", "/beheer", "/balie", "/rapport")


def _is_for_staff(path: str) -> bool:
    return path.startswith(tuple(f"{prefix}/" for prefix in STAFF_PATHS)) or path in STAFF_PATHS


@pass_context
def date_long(context: Context, value: date) -> str:
    """A date in the language of the page, with weekday and year."""
    return dates.date_long(value, context["lang"])


@pass_context
def date_short(context: Context, value: date) -> str:
    """A date in the language of the page, day and month."""
    return dates.date_short(value, context["lang"])


@pass_context
def month_long(context: Context, value: date) -> str:
    """A month with its year in the language of the page, as a heading."""
    return dates.month_long(value, context["lang"])


@pass_context
def month_name(context: Context, value: date) -> str:
    """The name of a month in the language of the page."""
    return dates.month_name(value, context["lang"])


def parts(pieces: Sequence[tuple[str, bool]]) -> Markup:
    """Text in pieces (text, is it what was searched?) with the hits marked."""
    return Markup("").join(
        Markup('<mark class="utrecht-mark">{}</mark>').format(text) if hit else escape(text) for text, hit in pieces
    )


@lru_cache(maxsize=8)
def make_environment(packages: tuple[str, ...], municipality: Municipality) -> Environment:
    """The template environment over the `templates` folders of these packages; the same one when asked again."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals.update(asset=asset, municipality=municipality)
    environment.filters.update(
        parts=parts, date_long=date_long, date_short=date_short, month_long=month_long, month_name=month_name
    )
    return environment


def render(
    request: Request[Any], template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """The page as a response, in the language of the reader."""
    state = request.state
    staff = _is_for_staff(request.scope["path"])
    language = "nl" if staff else language_of(request)
    catalogue = translations(language)
    clock = state["clock"]
    page = (
        state["templates"]
        .get_template(template)
        .render(
            {
                "lang": language,
                "gettext": catalogue.ugettext,
                "ngettext": catalogue.ungettext,
                "_": catalogue.ugettext,
                "path": own_path(request),
                "user": request.scope.get("kcc.principal"),
                "unread": request.scope.get("kcc.unread"),
                "shell": "staff" if staff else "public",
                "clock_notice": f"Testklok: {dates.moment(clock.local())}" if clock.simulated else None,
                "language_query": {},
                **(context or {}),
            }
        )
    )
    return HTMLResponse(page, status)
