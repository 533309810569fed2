"""What crosses the wire in the catalogue's API."""

from typing import Annotated

from pydantic import AfterValidator, Field

from kcc.access.contact_details import email_address
from kcc.web.fields import Code, Name, OptionalName, Position, Switch
from kcc.web.requests import Wire


def _address(text: str | None) -> str | None:
    return email_address(text) if text else None


Email = Annotated[str | None, Field(max_length=300), AfterValidator(_address)]


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


class Merge(Wire):
    """The topic that another becomes part of."""

    target: Code


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
    """Everything an administrator decides about a department: its mailbox, and that of who leads it, for work."""

    name: Name
    email: Email = None
    lead_email: Email = None


class NewDepartment(DepartmentContent):
    """A department to be made, with the code by which all name it."""

    code: Code


class DepartmentItem(Wire):
    """A department as everyone sees it."""

    code: str
    name: str


class DepartmentDetail(DepartmentItem):
    """A department as administrators see it."""

    email: str | None
    lead_email: str | None


class DepartmentList(Wire):
    """Departments by name."""

    total: int
    next: str | None
    results: list[DepartmentItem]
