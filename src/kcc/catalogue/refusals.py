"""Why a change of what others name by its code is refused."""

from kcc.errors import Conflict, FieldError


class UnknownReference(Conflict):
    """It names something that does not exist (now): docs/decisions/0005."""

    kind = "unknown-reference"
    title = "Verwijst naar iets dat niet bestaat"


class InUse(Conflict):
    """It cannot go while others refer to it; the sentence says what can be done instead."""

    kind = "in-use"
    title = "Nog in gebruik"


def taken(code: str) -> Conflict:
    """Somebody made one with this code before."""
    problem = FieldError("body", "/code", "taken", f"de code {code} is al in gebruik; kies een andere")
    return Conflict(f"De code {code} is al in gebruik", [problem])


def unknown(problems: list[FieldError]) -> UnknownReference:
    """All that is named and does not exist, at once."""
    return UnknownReference("; ".join(problem.detail for problem in problems), problems)


def unknown_field(name: str, detail: str) -> FieldError:
    """One such name in a body."""
    return FieldError("body", f"/{name}", "unknown", detail)
