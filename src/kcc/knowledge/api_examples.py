"""What the OpenAPI document shows as examples of the kennisbank's API."""

from typing import Any

SLUG = {"slug": "paspoort-aanvragen"}
IF_MATCH = {
    "name": "If-Match",
    "required": True,
    "description": "ETag of the version that is changed.",
    "schema": {"type": "string"},
    "example": '"1"',
}
CONTENT: dict[str, Any] = {
    "title": "Paspoort aanvragen",
    "upl": "paspoort",
    "topic": "paspoort",
    "shortAnswer": "U vraagt een paspoort aan bij de balie. Maak eerst een afspraak.",
    "body": "## Meenemen\n\n- uw oude paspoort\n- een pasfoto",
    "variants": ["mijn paspoort is verlopen"],
}
DETAIL = CONTENT | {
    "slug": "paspoort-aanvragen", "sourceId": None, "version": 1, "updatedAt": "2026-11-21T09:00:00Z",
    "uplUri": "http://standaarden.overheid.nl/owms/terms/paspoort", "department": "burgerzaken", "audience": "public",
    "status": "published", "language": "nl", "internal": "", "facts": {"Kosten paspoort": "€ 86,85"}, "synonyms": [],
    "related": [], "product": "paspoort", "form": None, "validFrom": None, "validUntil": None, "reviewDate": None,
}  # fmt: skip
HIT = {
    "slug": "paspoort-kwijt", "title": "Paspoort of identiteitskaart kwijt of gestolen", "upl": "paspoort",
    "shortAnswer": "Meld het verlies zo snel mogelijk.", "snippet": "Is uw <mark>paspoort</mark> weg?", "score": 12.3,
    "topic": "vermissing-reisdocument", "department": "burgerzaken", "audience": "public", "sourceId": None,
    "updatedAt": "2026-11-21T09:00:00Z",
}  # fmt: skip
REVISION = {"version": 1, "changedAt": "2026-11-21T09:00:00Z", "changedBy": "import", "content": CONTENT}
