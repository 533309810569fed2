"""Contact details within running text, so that what is to be anonymous stays so."""

import re

_EMAIL = re.compile(r"[\w.+-]@[\w-]+(?:\.[\w-]+)+")
# 24-11-2026, 1.2.2026: with a time behind it a date would look like a number.
_DATE = re.compile(r"(?<!\d)\d{1,2}[ ./-]\d{1,2}[ ./-](?:19|20)\d\d(?!\d)")
_BETWEEN = r"[ ./()\u2010-\u2013-]*"
_DUTCH = rf"0{_BETWEEN}[1-9](?:{_BETWEEN}\d){{8}}"
_ABROAD = rf"(?:\+|00){_BETWEEN}[1-9](?:{_BETWEEN}\d){{8,13}}"
_PHONE = re.compile(rf"(?<!\d)(?:{_DUTCH}|{_ABROAD})(?!\d)")


def mentions_email(text: str) -> bool:
    """Whether the text holds an e-mail address."""
    return bool(_EMAIL.search(text))


def mentions_phone(text: str) -> bool:
    """Whether the text holds a telephone number: ten digits of which the first is 0, or one with a country code.

    Signs that people put between the digits may be there. Numbers that everybody knows, 14 0123 or 112, are none.
    """
    return bool(_PHONE.search(_DATE.sub("…", text)))
