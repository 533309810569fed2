"""The form of small questions: lines as they were typed, and the questions they are. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from kcc.catalogue.models import Topic
from kcc.catalogue.topics import path_of
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind
from kcc.contacts.log.schemas import QuickQuestion
from kcc.errors import DomainError, InvalidInput
from kcc.web.requests import checked

LINES_MAX, TIMES_MAX, AT_ONCE_MAX = 20, 50, 200
OWN = f"{RequesterKind.OWN_ORGANISATION}:"
# A promise to call back is made where it is kept: with a department, a question and a number.
OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.CALLBACK)
TOO_MANY = f"Een lijst heeft ten hoogste {LINES_MAX} regels. Sla deze eerst op."
FIELDS = {"topic": "onderwerp", "channel": "kanaal", "requester": "vrager", "outcome": "resultaat"}

# What is wrong: the number of the line from 0 (None for the list as a whole), its field, and a sentence.
Problem = tuple[int | None, str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was typed. `requester` is a kind, or that of the own organisation with the department."""

    topic: str = ""
    channel: str = Channel.COUNTER
    requester: str = RequesterKind.RESIDENT
    outcome: str = Outcome.RESOLVED
    times: str = "1"

    @property
    def untouched(self) -> bool:
        """Whether nothing was asked: such a line is left out."""
        return not self.topic and self.times in ("", "1")

    def following(self) -> "Line":
        """An empty line that goes on as this one: by the same channel, of the same kind of requester."""
        return Line(channel=self.channel, requester=self.requester)


def read(form: FormData) -> list[Line]:
    """The lines that were typed, at most one more than there can be."""
    names = ("onderwerp", "kanaal", "vrager", "resultaat", "aantal")
    columns = [
        [value.strip() if isinstance(value, str) else "" for value in form.getlist(f"{name}[]")] for name in names
    ]
    cells = list(zip(*columns, strict=False))[: LINES_MAX + 1]
    return [Line(*row) for row in cells]


def topic_label(known: Mapping[str, Topic], code: str) -> str:
    """A topic as it is chosen: its name and that of its group."""
    return " – ".join(reversed(path_of(known, code)))


def choosable(known: Mapping[str, Topic]) -> list[str]:
    """The codes of what a question is about: topics, and groups that have none."""
    groups = {topic.parent for topic in known.values()}
    return [code for code in known if code not in groups]


def topics_by_text(known: Mapping[str, Topic]) -> dict[str, str]:
    """The code of each topic by all that can be typed for it, in small letters: label, code, or a name of its own."""
    found: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for code in choosable(known):
        found[code] = found[topic_label(known, code).casefold()] = code
        names.setdefault(known[code].name.casefold(), []).append(code)
    return {name: codes[0] for name, codes in names.items() if len(codes) == 1} | found


def questions(
    lines: Sequence[Line], known: Mapping[str, Topic]
) -> tuple[list[QuickQuestion], list[int], list[Problem]]:
    """The questions of these lines, the number of the line that each is of, and what is wrong."""
    by_text = topics_by_text(known)
    asked: list[QuickQuestion] = []
    of_line: list[int] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines):
        if line.untouched:
            continue
        code = by_text.get(line.topic.casefold())
        if code is None:
            problems.append((number, "onderwerp", _no_topic(line.topic)))
        times = int(line.times) if line.times.isascii() and line.times.isdigit() and len(line.times) < 4 else 0
        if not 1 <= times <= TIMES_MAX:
            problems.append((number, "aantal", f"vul een heel getal van 1 tot en met {TIMES_MAX} in"))
        try:
            question = checked(QuickQuestion, _body(line, code or "onbekend"))
        except InvalidInput as error:
            problems += at_lines(error, [number])
            continue
        asked += [question] * times
        of_line += [number] * times
    if not problems and not asked:
        problems.append((0, "onderwerp", "kies een onderwerp"))
    if len(asked) > AT_ONCE_MAX:
        problems.append((None, "", f"Dit zijn {len(asked)} vragen. Sla er ten hoogste {AT_ONCE_MAX} tegelijk op."))
    return asked, of_line, problems


def _no_topic(typed: str) -> str:
    return f"‘{typed}’ staat niet in de lijst; kies een onderwerp" if typed else "kies een onderwerp"


def _body(line: Line, code: str) -> dict[str, object]:
    department = line.requester.removeprefix(OWN) if line.requester.startswith(OWN) else None
    kind = RequesterKind.OWN_ORGANISATION if department is not None else line.requester
    return {
        "topic": code,
        "channel": line.channel,
        "outcome": line.outcome,
        "requester": {"kind": kind, "department": department},
    }


def at_lines(error: DomainError, of_line: Sequence[int]) -> list[Problem]:
    """What is wrong, at its line; `of_line` has the line of each question, one for all when it is of one."""
    found: dict[Problem, None] = {}
    for problem in error.errors:
        parts = problem.location.strip("/").split("/")
        if parts[0] == "questions" and len(parts) > 2 and int(parts[1]) < len(of_line):
            found[of_line[int(parts[1])], FIELDS.get(parts[2], "onderwerp"), problem.detail] = None
        elif len(of_line) == 1 and parts[0] in FIELDS:
            found[of_line[0], FIELDS[parts[0]], "kies er een uit de lijst"] = None
        else:
            found[None, "", problem.detail] = None
    return list(found) or [(None, "", error.detail)]
