"""Domain errors: what a verb raises when it cannot do what was asked.

Each class is one HTTP status. Verbs raise them without knowing HTTP; `kcc.web.problems` turns them into
problem+json for the API and into an error page for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong with the input, and where: `place` is body, query, path or header."""

    place: str
    location: str
    code: str
    detail: str


@dataclass(eq=False)
class DomainError(Exception):
    """Something asked for that cannot be done. `detail` is a sentence for the person who asked."""

    detail: str
    errors: Sequence[FieldError] = field(default=())
    headers: dict[str, str] = field(default_factory=dict)
    status = 400
    kind = "bad-request"
    title = "Ongeldig verzoek"

    def __str__(self) -> str:
        return self.detail


class InvalidInput(DomainError):
    """The input is malformed or can never be right."""

    kind = "invalid-input"
    title = "De invoer klopt niet"


class Unauthenticated(DomainError):
    """Nobody is signed in, or the token is not valid (any more)."""

    status = 401
    kind = "unauthenticated"
    title = "Niet ingelogd"


class Forbidden(DomainError):
    """Somebody is signed in, but their role may not do this."""

    status = 403
    kind = "forbidden"
    title = "Geen toegang"


class NotFound(DomainError):
    """What was named does not exist, or not for this reader."""

    status = 404
    kind = "not-found"
    title = "Niet gevonden"


class Conflict(DomainError):
    """Well formed, but in conflict with what is there."""

    status = 409
    kind = "conflict"
    title = "Botst met wat er al is"


class EditedMeanwhile(DomainError):
    """The version named in If-Match is no longer the newest."""

    status = 412
    kind = "edited-meanwhile"
    title = "Intussen gewijzigd"


class TooLarge(DomainError):
    """The body is larger than the service takes."""

    status = 413
    kind = "too-large"
    title = "Te groot"


class PreconditionRequired(DomainError):
    """A change needs an If-Match header, so that no one overwrites another's work unseen."""

    status = 428
    kind = "precondition-required"
    title = "If-Match ontbreekt"


class TooManyRequests(DomainError):
    """A rate limit was reached; `headers` carries Retry-After."""

    status = 429
    kind = "too-many-requests"
    title = "Te veel pogingen"


class ProofRequired(DomainError):
    """So much is asked for at this moment that the asker's computer must do some work first (ALTCHA)."""

    status = 429
    kind = "proof-required"
    title = "Eerst even rekenen"


class Busy(DomainError):
    """For a moment the answer cannot be given; trying again helps."""

    status = 503
    kind = "busy"
    title = "Even bezig"
