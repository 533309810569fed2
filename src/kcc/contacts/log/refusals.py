"""Why something cannot be logged so."""

from collections.abc import Iterator, Sequence

from kcc.access.bsn import bsn_like
from kcc.errors import Conflict, FieldError, InvalidInput

ASK_BSN = "dit kan een BSN zijn; haal het weg, of bevestig dat het er geen is (bsnConfirmedNot)"


class BsnSuspected(InvalidInput):
    """A note holds a number that can be a citizen service number: asked once, since one in eleven others can too."""

    kind = "bsn-suspected"
    title = "Is dit een BSN?"


class QuestionsOpen(Conflict):
    """A contact is finished when each of its questions has an outcome."""

    kind = "questions-open"
    title = "Er staat nog een vraag open"


class AlreadyFinished(Conflict):
    """It was finished before, perhaps in another window."""

    kind = "already-finished"
    title = "Al afgerond"


class AlreadyClosed(Conflict):
    """A callback, or a question to a department, was closed before, perhaps by somebody else."""

    kind = "already-closed"
    title = "Al afgesloten"


class CallbackStands(Conflict):
    """Somebody calls back about the question: it ends as was promised, until that callback is closed."""

    kind = "callback-stands"
    title = "Er staat een terugbelverzoek open"


class SomethingSaid(Conflict):
    """Only a question of which nothing was said, beside others, is taken back."""

    kind = "something-said"
    title = "Deze vraag is niet leeg"


class TooLate(Conflict):
    """It was finished too long ago to be opened again."""

    kind = "too-late"
    title = "Te laat om te heropenen"


def suspected(text: str, where: str, *, confirmed: bool, before: str = "") -> Iterator[FieldError]:
    """A number that can be a citizen service number is asked about, unless somebody said that it is none.

    `before` holds the numbers that were asked about already.
    """
    if not confirmed and bsn_like(text) - bsn_like(before):
        yield FieldError("body", where, "bsn-suspected", ASK_BSN)


def refuse(problems: Sequence[FieldError]) -> None:
    """Raises BsnSuspected when a number is all there is to ask about, InvalidInput for anything more."""
    if not problems:
        return
    if all(problem.code == "bsn-suspected" for problem in problems):
        raise BsnSuspected("Is dit een BSN? In een notitie hoort geen burgerservicenummer.", problems)
    raise InvalidInput("; ".join(problem.detail for problem in problems), problems)
