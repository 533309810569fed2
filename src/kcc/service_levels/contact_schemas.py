"""What crosses the wire about what was asked: first-contact resolution, frequent problems."""

from typing import Literal

from pydantic import Field

from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.service_levels.first_contact import Row
from kcc.service_levels.frequent_problems import Problem
from kcc.service_levels.schemas import DaysQuery, StartField
from kcc.web.fields import FilterCode
from kcc.web.requests import Wire


class FirstContactQuery(DaysQuery):
    """Which questions: by interval, on one channel or `all`; `excludeGroups` in place of those of the catalogue."""

    by: Literal["day", "week", "month"] = "day"
    channel: Channel | Literal["all"] = Channel.PHONE
    exclude_groups: list[FilterCode] = Field(
        default_factory=list, max_length=100, json_schema_extra={"example": ["reisdocumenten"]}
    )


class FirstContactDefinition(Wire):
    """What was counted, and how. `excludedTopics` are those left out of the figures that are not called All."""

    metric: Literal["first-contact"]
    channel: str
    repeat_days: int
    excluded_topics: list[str]
    version: int


class FirstContactRow(Wire):
    """An interval, null of nothing. All: with the groups that are left out otherwise.

    `eligible`, `resolved`, `percent`: as agents marked it. `seen…`: of those, `known` requesters of long enough ago
    (`followed`), and how many of them did not ask about the same again (`seenResolved`).
    """

    start: StartField
    eligible: int
    resolved: int
    percent: float | None
    eligible_all: int
    resolved_all: int
    percent_all: float | None
    known: int
    percent_known: float | None
    followed: int
    seen_resolved: int
    percent_seen: float | None
    known_all: int
    percent_known_all: float | None
    followed_all: int
    seen_resolved_all: int
    percent_seen_all: float | None


class FirstContactAnswer(Wire):
    """A row for every interval, with the definition of the figures."""

    definition: FirstContactDefinition
    rows: list[FirstContactRow]


def first_contact_row(row: Row) -> FirstContactRow:
    """A row for the wire."""
    marked, seen, everything, all_seen = row.marked, row.seen, row.all_marked, row.all_seen
    return FirstContactRow(
        start=row.start,
        eligible=marked.eligible,
        resolved=marked.resolved,
        percent=marked.percent,
        eligible_all=everything.eligible,
        resolved_all=everything.resolved,
        percent_all=everything.percent,
        known=seen.known,
        percent_known=seen.percent_known,
        followed=seen.followed,
        seen_resolved=seen.resolved,
        percent_seen=seen.percent,
        known_all=all_seen.known,
        percent_known_all=all_seen.percent_known,
        followed_all=all_seen.followed,
        seen_resolved_all=all_seen.resolved,
        percent_seen_all=all_seen.percent,
    )


class ProblemsQuery(DaysQuery):
    """Which questions: of one kind of requester when given; `by` is how their times are told."""

    by: Literal["day", "week", "month"] = "week"
    requester: RequesterKind | Literal[""] = ""


class RequesterCounts(Wire):
    """How often each kind of requester asked."""

    resident: int
    business: int
    own_organisation: int


class TimeCount(Wire):
    """How often it was asked in an interval."""

    start: StartField
    questions: int


class ArticleCount(Wire):
    """An article that was opened, in how many questions, and how many of those were answered at the first contact."""

    slug: str
    questions: int
    resolved: int


class ProblemRow(Wire):
    """A topic. `before` is of as many days just before; `rising` when it is more than chance explains."""

    topic: str
    name: str
    group: str | None
    questions: int
    percent: float
    cumulative_percent: float
    before: int
    rising: bool
    requesters: RequesterCounts
    times: list[TimeCount]
    resolved: int
    percent_resolved: float | None
    articles: list[ArticleCount]


class ProblemsAnswer(Wire):
    """Topics, the most frequent first. `questions` have a topic, `withoutTopic` have none.

    `comparable`: all of as many days just before was logged; otherwise nothing is said to be rising.
    """

    questions: int
    without_topic: int
    comparable: bool
    rows: list[ProblemRow]


def problem_row(problem: Problem) -> ProblemRow:
    """A row for the wire."""
    one = problem.ranked
    return ProblemRow(
        topic=one.topic,
        name=problem.name,
        group=problem.group,
        questions=one.questions,
        percent=one.percent,
        cumulative_percent=one.cumulative_percent,
        before=one.before,
        rising=one.rising,
        requesters=RequesterCounts(
            resident=problem.requesters[RequesterKind.RESIDENT],
            business=problem.requesters[RequesterKind.BUSINESS],
            own_organisation=problem.requesters[RequesterKind.OWN_ORGANISATION],
        ),
        times=[TimeCount(start=start, questions=number) for start, number in problem.times],
        resolved=problem.resolved,
        percent_resolved=problem.percent_resolved,
        articles=[
            ArticleCount(slug=use.slug, questions=use.questions, resolved=use.resolved) for use in problem.articles
        ],
    )
