"""E-mail addresses in which a well-known domain was probably mistyped. Pure."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

# The domains most residents have their mail at. A list, not a register: a suggestion is only a question.
WELL_KNOWN = (
    "gmail.com", "hotmail.com", "hotmail.nl", "outlook.com", "live.nl", "live.com", "icloud.com", "yahoo.com",
    "ziggo.nl", "kpnmail.nl", "planet.nl", "hetnet.nl", "home.nl", "xs4all.nl", "casema.nl", "upcmail.nl",
)  # fmt: skip
# Domains that exist and look like a well-known one: whoever has one typed it right.
ALSO_RIGHT = frozenset({
    "mail.com", "email.com", "gmx.com", "ymail.com", "hotmail.be", "hotmail.de", "hotmail.fr", "outlook.nl",
    "outlook.be", "live.be", "yahoo.nl", "home.com", "planet.com", "kpnplanet.nl", "me.com", "mac.com",
})  # fmt: skip
# Endings that were meant to be another, whatever stands before them.
ENDINGS = {".con": ".com", ".cmo": ".com", ".vom": ".com", ".comm": ".com", ".nll": ".nl", ".ln": ".nl"}
# Shorter names are one letter away from too many others.
LONG_ENOUGH = 5


def suggested_address(address: str) -> str | None:
    """The address that was probably meant, `jan@gmail.com` for `jan@gmail.con`; None when nothing looks wrong."""
    name, at, domain = address.rpartition("@")
    given = domain.casefold()
    if not at or not name or given in WELL_KNOWN or given in ALSO_RIGHT:
        return None
    meant = _nearest(given, WELL_KNOWN) or _nearest(_ending(given), WELL_KNOWN)
    if meant is None and _ending(given) != given:
        meant = _ending(given)
    return f"{name}@{meant}" if meant else None


def _ending(domain: str) -> str:
    wrong = next((ending for ending in ENDINGS if domain.endswith(ending)), None)
    return domain.removesuffix(wrong) + ENDINGS[wrong] if wrong else domain


def _nearest(domain: str, known: Sequence[str]) -> str | None:
    """The known domain that is one slip away: a letter too many, too few, another, or two that changed places."""
    found = [item for item in known if OSA.distance(domain, item, score_cutoff=1) <= 1]
    return next((item for item in found if len(item.partition(".")[0]) >= LONG_ENOUGH), None)
