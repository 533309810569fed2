"""Dutch public holidays: the days on which a town hall is closed unless it says otherwise."""

from datetime import date
from functools import cache

_LANGUAGES = {"nl": "nl", "en": "en_US"}
_GOOD_FRIDAY = ("Goede vrijdag", "Good Friday")


def public_holidays(year: int, language: str = "nl") -> dict[date, str]:
    """The holidays of a year on which municipal staff are off, in order of date, with their names.

    These are the holidays of the Cao Gemeenten (article 6.6) and the Sundays of Easter and Pentecost. Bevrijdingsdag
    is one of them every year since 2024. Goede Vrijdag is not: the Algemene termijnenwet (article 3) makes it equal
    to a holiday for time limits only; a municipality that closes on it makes it a closing day of its own.
    Koningsdag is on 26 April when the 27th is a Sunday.
    """
    return dict(_holidays(year, _LANGUAGES[language]))


@cache
def _holidays(year: int, language: str) -> tuple[tuple[date, str], ...]:
    # Not at the start of a `kcc` command, which it would slow down by some 20 ms.
    from holidays import OPTIONAL, PUBLIC, country_holidays

    # To the package Bevrijdingsdag outside years divisible by five is optional, and Goede Vrijdag is not.
    days = country_holidays("NL", years=year, language=language, categories=(PUBLIC, OPTIONAL))
    return tuple(sorted((day, name) for day, name in days.items() if name not in _GOOD_FRIDAY))
