"""Read targets: what holds, and what they can be for."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.plan import Plan
from kcc.catalogue import queries as catalogue
from kcc.service_levels.phone.queries import known_queues
from kcc.service_levels.targets import queries
from kcc.service_levels.targets.defaults import defaults
from kcc.service_levels.targets.history import FITTING, Kept, Metric, Norm, Scope, ScopeKind, Targets, ends
from kcc.service_levels.targets.models import Target
from kcc.settings import Settings

# Of each kind (code, name) of what a target can be for.
Known = Mapping[ScopeKind, Sequence[tuple[str, str]]]


async def targets(session: AsyncSession, settings: Settings) -> Targets:
    """All targets as they were set, with the settings as defaults."""
    return Targets(await queries.kept(session), defaults(settings))


async def listed(session: AsyncSession, metric: Metric | None = None) -> list[tuple[Target, date | None]]:
    """Each target, or each of a metric, with its last day: by metric and scope, the newest first."""
    rows = await queries.targets(session, metric)
    return list(zip(rows, ends([kept(row) for row in rows]), strict=True))


def kept(row: Target) -> Kept:
    """A row for the pure core."""
    return Kept(row.metric, Scope(row.scope, row.code), row.valid_from, Norm(row.level, row.threshold, row.variant))


async def known(session: AsyncSession, plan: Plan) -> Known:
    """What there is to promise something for: queues that were called, topic groups, departments and the plan."""
    return {
        ScopeKind.QUEUE: [(queue, queue) for queue in await known_queues(session)],
        ScopeKind.TOPIC: [(row.code, row.name) for row in await catalogue.topics(session) if row.parent is None],
        ScopeKind.DEPARTMENT: [(row.code, row.name) for row in await catalogue.departments(session)],
        ScopeKind.PRODUCT: [(code, product.terms[-1].name) for code, product in plan.products.items() if product.terms],
        ScopeKind.LOCATION: [(place.code, place.name) for place in plan.places.values() if not place.is_home_visit],
    }


def choices(metric: Metric, found: Known) -> list[Scope]:
    """The scopes that fit a metric, apart from everything."""
    return [Scope(kind, code) for kind in FITTING[metric] for code, _ in found[kind]]
