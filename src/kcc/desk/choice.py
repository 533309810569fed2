"""The filters an agent chose on the desk, and the ones there are to choose from."""

from collections.abc import Mapping, Sequence
from datetime import date

from kcc.catalogue.models import Topic
from kcc.knowledge.models import Audience
from kcc.knowledge.search import Filters

LANGUAGES = [("nl", "Nederlands"), ("en", "Engels")]
AUDIENCES = [(Audience.PUBLIC.value, "Voor iedereen"), (Audience.AGENTS.value, "Alleen medewerkers")]
# Before a topic in a list of groups and their topics.
BELOW = "– "
# Code, label, and whether it was chosen.
Option = tuple[str, str, bool]


def _options(known: Sequence[tuple[str, str]], chosen: str | None) -> list[Option]:
    return [(code, label, code == chosen) for code, label in known]


class Choice:
    """The filters in the address; those that name nothing known are ignored."""

    def __init__(
        self, parameters: Mapping[str, str], topics: Mapping[str, Topic], departments: Mapping[str, str]
    ) -> None:
        topic_names = [
            (code, topic.name if topic.parent is None else BELOW + topic.name) for code, topic in topics.items()
        ]
        self.topics = _options(topic_names, parameters.get("onderwerp"))
        self.departments = _options(list(departments.items()), parameters.get("afdeling"))
        self.audiences = _options(AUDIENCES, parameters.get("doelgroep"))
        self.languages = _options(LANGUAGES, parameters.get("taal"))

    @staticmethod
    def _code(options: list[Option]) -> str | None:
        return next((code for code, _, chosen in options if chosen), None)

    def filters(self, today: date) -> Filters:
        """What the search is narrowed to."""
        audience = self._code(self.audiences)
        return Filters(
            audience="agents",
            only=Audience(audience).value if audience else None,
            topic=self._code(self.topics),
            department=self._code(self.departments),
            language=self._code(self.languages),
            today=today,
        )

    @property
    def labels(self) -> list[str]:
        """What was chosen, as the list shows it."""
        options = [*self.topics, *self.departments, *self.audiences, *self.languages]
        return [label.removeprefix(BELOW) for _, label, chosen in options if chosen]
