"""What crosses the wire about questions to departments, and the checks on it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from kcc.contacts.department_questions.models import ANSWER_MAX, QUESTION_MAX
from kcc.contacts.log.schemas import Slug
from kcc.web.fields import LINE_FEEDS, TEXT, Code, FilterCode, Switch, says
from kcc.web.paging import Page
from kcc.web.requests import Wire

Asked = Annotated[
    str,
    StringConstraints(min_length=1, max_length=QUESTION_MAX, pattern=TEXT),
    LINE_FEEDS,
    says(f"schrijf uw vraag op in 1 tot {QUESTION_MAX} tekens"),
]
Answer = Annotated[
    str,
    StringConstraints(min_length=1, max_length=ANSWER_MAX, pattern=TEXT),
    LINE_FEEDS,
    says(f"schrijf het antwoord op in 1 tot {ANSWER_MAX} tekens"),
]


class QuestionState(StrEnum):
    """Where a question is in its life."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class NewQuestion(Wire):
    """A question about an article, or about a topic that has none. `department` is the article's or topic's own when
    left out. `bsnConfirmedNot`: a number in the question that can be a BSN is none.
    """

    article: Slug | None = None
    topic: Code | None = Field(None, validate_default=True)
    department: Code | None = None
    question: Asked
    bsn_confirmed_not: Switch = False

    @field_validator("topic")
    @classmethod
    def _one_of_them(cls, value: str | None, info: ValidationInfo) -> str | None:
        if "article" in info.data and (value is None) == (info.data["article"] is None):
            raise ValueError("noem een artikel, of een onderwerp waar geen artikel over is")
        return value


class NewAnswer(Wire):
    """What the department says."""

    answer: Answer
    bsn_confirmed_not: Switch = False


class QuestionsQuery(Page):
    """Which questions: in a state, about an article, to a department, asked by who asks now."""

    state: QuestionState | Literal[""] = ""
    article: Annotated[str, StringConstraints(max_length=120, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")] = ""
    department: FilterCode = ""
    mine: bool = Field(False, description="Only those that the asker of this list asked.")


class QuestionItem(Wire):
    """A question to a department. `undelivered`: the mail could not be delivered; call the department."""

    id: int
    state: QuestionState
    article: str | None
    topic: str | None
    department: str
    question: str
    asked_by: str
    asked_at: datetime
    undelivered: bool
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    bsn_confirmed_not: bool
    closed_at: datetime | None
    closed_by: str | None


class QuestionList(Wire):
    """Questions, the newest first."""

    total: int
    next: str | None
    results: list[QuestionItem]
