"""What crosses the wire in the catalogue's API."""

from kcc.web.fields import Code, Name, OptionalName, Position, Switch
from kcc.web.requests import Wire


class TopicContent(Wire):
    """Everything an administrator decides about a topic, or about a group of topics (without `parent`)."""

    name: Name
    name_en: OptionalName = ""
    parent: Code | None = None
    department: Code
    counts_for_first_contact: Switch = True
    position: Position | None = None


class NewTopic(TopicContent):
    """A topic to be made, with the code by which all name it."""

    code: Code


class TopicItem(Wire):
    """A topic, or a group of topics (`parent` is null)."""

    code: str
    name: str
    name_en: str
    parent: str | None
    department: str
    counts_for_first_contact: bool


class TopicList(Wire):
    """Topics, each group before its topics."""

    total: int
    next: str | None
    results: list[TopicItem]


class DepartmentContent(Wire):
    """Everything an administrator decides about a department."""

    name: Name


class NewDepartment(DepartmentContent):
    """A department to be made, with the code by which all name it."""

    code: Code


class DepartmentItem(Wire):
    """A department."""

    code: str
    name: str


class DepartmentList(Wire):
    """Departments by name."""

    total: int
    next: str | None
    results: list[DepartmentItem]
