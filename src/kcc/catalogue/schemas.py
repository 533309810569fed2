"""What crosses the wire in the catalogue's API."""

from kcc.web.requests import Wire


class TopicItem(Wire):
    """A topic, or a group of topics (`parent` is null)."""

    code: str
    name: str
    parent: str | None
    department: str
    counts_for_first_contact: bool


class TopicList(Wire):
    """Topics, each group before its topics."""

    total: int
    next: str | None
    results: list[TopicItem]


class DepartmentItem(Wire):
    """A department."""

    code: str
    name: str


class DepartmentList(Wire):
    """Departments by name."""

    total: int
    next: str | None
    results: list[DepartmentItem]
