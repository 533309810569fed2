"""Languages of residents' pages: Dutch is the source, other languages come from Babel catalogues."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import Request

LOCALES = Path(__file__).parent / "locale"
SOURCE = "nl"
LANGUAGES = ("nl", "en")


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, compiled from its .po file when first asked for."""
    path = LOCALES / language / "LC_MESSAGES" / "kcc.po"
    if language == SOURCE or not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain="kcc")


def language_of(request: Request[Any]) -> str:
    """The language a resident chose with `?lang=`. Links keep it, so that no cookie is needed."""
    chosen = request.query_params.get("lang")
    return chosen if chosen in LANGUAGES else SOURCE
