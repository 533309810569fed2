"""What crosses the wire in the kennisbank's API, and the checks on it."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from kcc.catalogue import fees
from kcc.catalogue.models import NO_UPL_NAME
from kcc.knowledge.models import Article, Audience, Status, Verdict
from kcc.web.paging import OFFSET_MAX
from kcc.web.requests import Wire

# Control characters, but for tab and line breaks: those are text.
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
PLAIN = rf"^[^{_CONTROL}]*$"
# With something to read in it.
FILLED = rf"^[^{_CONTROL}]*[^\s\x00-\x1f\x7f][^{_CONTROL}]*$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
VARIANTS_MAX = 100
INTERNAL_HEADING = "Alleen voor medewerkers"
# However it is marked up: a line with nothing else on it.
_LIKE_INTERNAL_HEADING = re.compile(rf"^[\s#*_>]*{INTERNAL_HEADING}[\s#*_:]*$", re.MULTILINE | re.IGNORECASE)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def with_line_feeds(text: str) -> str:
    """The text with the line breaks of other systems and of HTML forms made into line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _only_a_day(value: Any) -> Any:
    """A date as JSON or YAML gives it, and not the numbers and times that pydantic would make one of."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("moet een datum zijn, bijvoorbeeld 2027-01-31")
    if not isinstance(value, str) and type(value) is not date:
        raise ValueError("moet een datum zijn")
    return value


def _with_line_feeds(value: Any) -> Any:
    return with_line_feeds(value) if isinstance(value, str) else value


Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"),
]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=SLUG)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
# Whatever somebody types, but for NUL, which is refused in every address.
Typed = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
FilterCode = Annotated[str, StringConstraints(max_length=60, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")]
Day = Annotated[date, BeforeValidator(_only_a_day)]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=SLUG)]
# The constraints stand first: behind a function of ours they would be left out of the OpenAPI document.
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=PLAIN), BeforeValidator(_with_line_feeds)]
Url = Annotated[
    str,
    StringConstraints(
        max_length=500, pattern=r"^https?://[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]{1,5})?([/?#][!-~]*)?$"
    ),
]


class ArticleContent(Wire):
    """Everything an editor decides about an article. Texts are Markdown with `{{fee}}` placeholders."""

    title: Line
    upl: Line = NO_UPL_NAME
    topic: Code
    department: Code | None = Field(None, description="Without it the topic's department.")
    audience: Audience = Audience.PUBLIC
    status: Status = Status.PUBLISHED
    language: Language = "nl"
    short_answer: Annotated[
        str, StringConstraints(min_length=1, max_length=600, pattern=FILLED), BeforeValidator(_with_line_feeds)
    ]
    body: Text = Field("", description="Markdown for everyone who may read the article.")
    internal: Text = Field("", description="Markdown for agents only: what to ask, when to transfer, to whom.")
    facts: dict[Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=FILLED)], Line] = Field(
        default_factory=dict,
        max_length=6,
        description="What is asked most, as label and value.",
        json_schema_extra={"additionalProperties": False},
    )
    variants: list[Line] = Field(default_factory=list, max_length=VARIANTS_MAX)
    synonyms: list[Line] = Field(default_factory=list, max_length=100)
    related: list[Slug] = Field(default_factory=list, max_length=20)
    product: Code | None = Field(None, description="Code of the product to book an appointment for.")
    form: Url | None = Field(None, description="Address of the e-form with which it is done online.")
    valid_from: Day | None = None
    valid_until: Day | None = None
    review_date: Day | None = None

    @field_validator("body")
    @classmethod
    def _nothing_internal(cls, value: str) -> str:
        # Residents would read what stands below it.
        if _LIKE_INTERNAL_HEADING.search(value):
            raise ValueError(
                f"de tekst onder {INTERNAL_HEADING!r} hoort in internal (in een bestand: onder ## {INTERNAL_HEADING})"
            )
        return value

    @field_validator("title", "variants", "synonyms")
    @classmethod
    def _no_fee(cls, value: str | list[str]) -> str | list[str]:
        if any(fees.codes(text) for text in ([value] if isinstance(value, str) else value)):
            raise ValueError("hier kan geen {{tarief}} staan; zet het in de tekst")
        return value

    @property
    def dates_in_order(self) -> bool:
        """Whether the last day is not before the first."""
        return self.valid_from is None or self.valid_until is None or self.valid_from <= self.valid_until

    def texts(self) -> list[str]:
        """Every text in which a fee placeholder may stand."""
        return [self.short_answer, self.body, self.internal, *self.facts.values()]


class NewArticle(ArticleContent):
    """An article to be made, with the name it will have in addresses."""

    slug: Slug


class ArticleDetail(ArticleContent):
    """An article as it is, for a reader. Fees are filled in; `internal` is empty for residents."""

    slug: str
    source_id: str | None
    upl_uri: str | None
    version: int
    updated_at: datetime


class Revision(Wire):
    """One version of an article."""

    version: int
    changed_at: datetime
    changed_by: str
    content: dict[str, Any]


class RevisionList(Wire):
    """The versions of an article, newest first."""

    total: int
    next: str | None
    results: list[Revision]


class SearchQuery(Wire):
    """Parameters of a search or list of articles. A filter left empty filters nothing, as in a form."""

    q: Typed = Field("", description="Words to search; without them all articles by title.")
    topic: FilterCode = Field("", description="Code of a topic or group.")
    department: FilterCode = Field("", description="Code of a department.")
    audience: Literal["", "public", "agents"] = Field("", description="Only articles for this audience.")
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2})?$")] = Field(
        "", description="Only articles in this language, e.g. nl."
    )
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=OFFSET_MAX)


class ArticleHit(Wire):
    """One found article. `snippet` is HTML in which only `<mark>` occurs."""

    slug: str
    title: str
    upl: str
    short_answer: str
    snippet: str
    score: float
    topic: str
    department: str
    audience: Audience
    source_id: str | None
    updated_at: datetime


class ArticleList(Wire):
    """Found articles. `suggestion` is the query with its typing errors mended, if there were any."""

    total: int
    next: str | None
    suggestion: str | None
    results: list[ArticleHit]


class SuggestionQuery(Wire):
    """What has been typed so far."""

    q: Typed = Field("", description="The beginning of a question or subject.")
    limit: int = Field(8, ge=1, le=20)


class Suggestion(Wire):
    """A subject that begins as typed, and the article on it."""

    text: str
    slug: str


class SuggestionList(Wire):
    """As-you-type suggestions, best first."""

    results: list[Suggestion]


Query = Annotated[str, StringConstraints(max_length=500, pattern=PLAIN)]


class Feedback(Wire):
    """What somebody says of an article; `query` are the words it was found with."""

    verdict: Verdict
    query: Query | None = None
    note: Annotated[str, StringConstraints(max_length=1000, pattern=PLAIN)] | None = None


def content_of(article: Article) -> ArticleContent:
    """The content of a stored article."""
    return ArticleContent.model_validate(article.model_dump(include=set(ArticleContent.model_fields)))
