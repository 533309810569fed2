"""How a resident can be called and reached, as typed in a form: checked, and written one way.

Each check raises ValueError with the sentence for the person who typed it. The parsers are imported when first
used: together they take some 60 ms, which the start of every `kcc` command need not wait for.
"""

import hmac
import re
import unicodedata

EMAIL_MAX = 254
NAME_MAX = 100
_PHONE_MAX = 40
_NETHERLANDS = 31
WRONG_EMAIL = "Vul een volledig e-mailadres in, zoals naam@voorbeeld.nl"
WRONG_PHONE = "Vul een telefoonnummer van 10 cijfers in, of begin met + en de landcode"
NO_NAME = "Vul uw naam in"
NAME_WITHOUT_LETTERS = "Vul uw naam in met letters"
NAME_TOO_LONG = f"Vul een naam in van hooguit {NAME_MAX} tekens"
NAME_WITH_SIGNS = "Vul uw naam in zonder bijzondere tekens"
NAME_WITH_ADDRESS = "Vul uw naam in, zonder internetadres"

_PHONE_SIGNS = re.compile(r"[\d\s+()./\u2010-\u2013-]+")
_WEB_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
# Joiners belong to names in Persian and Hindi; other invisible signs come along with pasted text.
_JOINERS = "\u200c\u200d"


def email_address(text: str) -> str:
    """The address with its domain in lower case and in ASCII (punycode), so that every mail server takes it.

    Whether the mailbox exists is not looked up. Letters outside ASCII before the @ are refused: few servers
    deliver to them (RFC 6531). Domains kept for tests, `.test` and `.example`, are taken.
    """
    from email_validator import EmailNotValidError, validate_email

    text = text.strip()
    if len(text) > EMAIL_MAX:
        raise ValueError(WRONG_EMAIL)
    try:
        found = validate_email(
            text, check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=True
        )
    except EmailNotValidError:
        raise ValueError(WRONG_EMAIL) from None
    return found.ascii_email or found.normalized


def phone_number(text: str) -> str:
    """The number as E.164 writes it, `+31612345678`; a number without a country code is a Dutch one."""
    import phonenumbers

    if len(text) > _PHONE_MAX or not _PHONE_SIGNS.fullmatch(text):
        raise ValueError(WRONG_PHONE)
    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        raise ValueError(WRONG_PHONE) from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError(WRONG_PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable_phone(number: str) -> str:
    """A number as E.164 writes it, as people read it: `06 12345678`, and `+32 2 555 12 34` from abroad."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    dutch = parsed.country_code == _NETHERLANDS
    kind = phonenumbers.PhoneNumberFormat.NATIONAL if dutch else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, kind)


def person_name(text: str) -> str:
    """The name on one line, 1 to 100 characters, single spaces between words.

    Any script and any sign on a keyboard may be in it, `<` too: pages escape. Control characters, web addresses
    and names without a letter are refused.
    """
    if len(text) > 10 * NAME_MAX:  # before looking at each sign of it
        raise ValueError(NAME_TOO_LONG)
    visible = (sign for sign in text if unicodedata.category(sign) != "Cf" or sign in _JOINERS)
    name = " ".join(unicodedata.normalize("NFC", "".join(visible)).split())
    if len(name) > NAME_MAX:
        raise ValueError(NAME_TOO_LONG)
    if not name.translate(dict.fromkeys(map(ord, _JOINERS))).isprintable():
        raise ValueError(NAME_WITH_SIGNS)
    if not any(sign.isalpha() for sign in name):
        raise ValueError(NAME_WITHOUT_LETTERS if name else NO_NAME)
    if _WEB_ADDRESS.search(name):
        raise ValueError(NAME_WITH_ADDRESS)
    return name


def keyed(secret_key: str, value: str) -> str:
    """A contact detail as 64 hex digits that only this installation can make: to count or find by, not to read.

    HMAC-SHA256. Case-fold an e-mail address first, so that two ways to write it are one.
    """
    return hmac.digest(secret_key.encode(), b"contact-detail:" + value.encode(errors="replace"), "sha256").hex()
