"""A few articles to search, and how to ask for them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kcc.knowledge.index import Document, Lexicon, build
from kcc.knowledge.search import Engine, Filters
from kcc.knowledge.synonyms import parse_synonyms

TODAY = date(2026, 11, 21)
AGENT = Filters(audience="agents", today=TODAY)
RESIDENT = Filters(audience="public", today=TODAY)

LEXICON = Lexicon(
    synonyms=parse_synonyms("grofvuil, grof afval\ngejat => gestolen\nkliko, container"),
    exceptions={"paspoort": ("paspoort",)},
    words=frozenset(
        ["afval", "akte", "geboorte", "container", "kosten", "verhuizen", "vergunning", "parkeren", "huwelijk", "grof"]
    ),
)


def document(slug: str, title: str, **values: Any) -> Document:
    """An article with little in it but what is given."""
    given: dict[str, Any] = {
        "upl": "",
        "variants": (),
        "synonyms": (),
        "short_answer": f"{title}: zo werkt het.",
        "body": "",
        "internal": "",
        "topic": "onderwerp",
        "group": "groep",
        "department": "Burgerzaken",
        "audience": "public",
        "language": "nl",
        "valid_from": None,
        "valid_until": None,
        "source_id": None,
        "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Document(slug=slug, title=title, **{**given, **values})


DOCUMENTS = [
    document(
        "paspoort-aanvragen",
        "Paspoort aanvragen",
        variants=("mijn paspoort is verlopen wat nu",),
        body="Neem een pasfoto mee. Een paspoort kost {{paspoort-18-plus}} en is tien jaar geldig.",
        internal="Vraag naar de Curaçaose nationaliteit.",
        topic="paspoort",
        group="reisdocumenten",
        upl="paspoort",
        source_id="bron-1",
    ),
    document(
        "paspoort-kwijt",
        "Paspoort gestolen of vermist",
        topic="vermissing",
        group="reisdocumenten",
        body="Doe aangifte.",
    ),
    document("grofvuil", "Grofvuil laten ophalen", topic="inzameling", group="afval", department="Afval"),
    document("container", "Container kapot", topic="inzameling", group="afval", department="Afval"),
    document("geboorteakte", "Afschrift van een geboorteakte", body="Een akte is een bewijs van geboorte."),
    document("verhuiskosten", "Verhuiskosten vergoed krijgen"),
    document("id-kaart", "Een id-kaart aanvragen", synonyms=("legitimatiebewijs",)),
    document("moving", "Registering a move", language="en", body="Tell us your new address."),
    document("agressie", "Agressie aan de lijn", audience="agents", body="Blijf kalm. Geheimwoord zevenblad."),
    document("actie", "Gratis compost", valid_from=date(2026, 11, 21), valid_until=date(2026, 11, 21)),
]


def engine(root: Path, documents: list[Document] | None = None) -> Engine:
    """An engine over the articles, built under a folder."""
    build(root, DOCUMENTS if documents is None else documents, lexicon=LEXICON, position=1)
    return Engine(root, LEXICON)


def slugs(found: Engine, query: str, filters: Filters = AGENT, *, typing: bool = False) -> list[str]:
    """The slugs a query finds, best first."""
    return [hit.slug for hit in found.search(query, filters, typing=typing).hits]
