"""Takes in a folder's catalogue: what is new or changed is written and told, the rest is left as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries
from kcc.catalogue.content import CatalogueError, Topics, read_fees, read_topics, read_upl
from kcc.catalogue.models import Department, Fee, FeeValue, Topic, UplName

UPL, TOPICS, FEES = "upl.csv", "topics.toml", "tarieven.toml"
Row = TypeVar("Row", bound=SQLModel)


@dataclass
class CatalogueFiles:
    """A folder's catalogue as its files say. A file that is absent or cannot be read says nothing."""

    upl_names: list[UplName] = field(default_factory=list)
    topics: Topics = field(default_factory=lambda: Topics([], []))
    fees: list[tuple[Fee, list[FeeValue]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Taken:
    """What taking a catalogue in changed. Topics are named by their code."""

    changed: list[str] = field(default_factory=list)
    regrouped: set[str] = field(default_factory=set)
    """Topics that are in another group than before."""
    reassigned: dict[str, str] = field(default_factory=dict)
    """Topics that have another department than before, with the new one."""


def read(folder: Path) -> CatalogueFiles:
    """Read the catalogue's files in a folder; what is wrong in them is in `problems`, with file and line."""
    files = CatalogueFiles()
    for name in (UPL, TOPICS, FEES):
        if (folder / name).is_file():
            try:
                _read(files, folder / name)
            except CatalogueError as error:
                files.problems.append(str(error))
    return files


def _read(files: CatalogueFiles, path: Path) -> None:
    problems: list[str] = []
    if path.name == UPL:
        files.upl_names, problems = read_upl(path)
    elif path.name == TOPICS:
        files.topics = read_topics(path)
    else:
        files.fees, problems = read_fees(path)
    files.problems += problems


async def take(session: AsyncSession, files: CatalogueFiles) -> Taken:
    """Bring departments, topics, fees and UPL names in step with the files; what they do not name stays."""
    taken = Taken()
    taken.changed += _lines(UPL, await _take_upl_names(session, files.upl_names))
    taken.changed += _lines(TOPICS, await _take_topics(session, files.topics, taken))
    taken.changed += _lines(FEES, await _take_fees(session, files.fees))
    return taken


async def ensure(session: AsyncSession, department: Department, topics: Sequence[Topic]) -> None:
    """See to it that this department and these topics are there; those that are stay as they are."""
    if department.code not in {known.code for known in await queries.departments(session)}:
        await queries.add(session, [department])
    known = {topic.code for topic in await queries.topics(session, merged=True)}
    await queries.add(session, [topic for topic in topics if topic.code not in known])


@dataclass
class _Difference:
    """What of a file is new and what has changed, by name."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    is_first: bool = True
    """Nothing of the kind was there before."""

    def __add__(self, other: "_Difference") -> "_Difference":
        return _Difference(self.created + other.created, self.updated + other.updated, self.is_first and other.is_first)


def _lines(file: str, difference: _Difference) -> list[str]:
    """A line for each entry; for the first time one line, because all of a catalogue's would hide the rest."""
    if difference.is_first and difference.created:
        return [f"created: {file} ({len(difference.created)} entries)"]
    return [f"created: {file} [{name}]" for name in difference.created] + [
        f"updated: {file} [{name}]" for name in difference.updated
    ]


async def _put(session: AsyncSession, rows: Mapping[str, Row], stored: Mapping[str, Row]) -> _Difference:
    """Add the rows that are not stored and change those that differ."""
    created = [name for name in rows if name not in stored]
    changed = [name for name in rows if name in stored and rows[name].model_dump() != stored[name].model_dump()]
    # A new topic moves all that come after it one place: no news about those.
    updated = [name for name in changed if _without_position(rows[name]) != _without_position(stored[name])]
    await queries.add(session, [rows[name] for name in created])
    await queries.merge(session, [rows[name] for name in changed])
    return _Difference(created, updated, not stored)


def _without_position(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(exclude={"position"})


async def _take_upl_names(session: AsyncSession, names: Sequence[UplName]) -> _Difference:
    stored = {row.name: row for row in await queries.upl_names(session)} if names else {}
    return await _put(session, {row.name: row for row in names}, stored)


async def _take_topics(session: AsyncSession, file: Topics, taken: Taken) -> _Difference:
    departments = {row.code: row for row in await queries.departments(session)}
    for row in file.departments:
        if before := departments.get(row.code):  # mailboxes are an administrator's, and in no file
            row.email, row.lead_email = before.email, before.lead_email
    difference = await _put(session, {row.code: row for row in file.departments}, departments)
    topics = {row.code: row for row in await queries.topics(session, merged=True)}
    for topic in file.topics:
        known = topics.get(topic.code)
        if known and known.parent != topic.parent:
            taken.regrouped.add(topic.code)
        if known and known.department != topic.department:
            taken.reassigned[topic.code] = topic.department
    return difference + await _put(session, {row.code: row for row in file.topics}, topics)


async def _take_fees(session: AsyncSession, fees: Sequence[tuple[Fee, list[FeeValue]]]) -> _Difference:
    values = await queries.all_fee_values(session)
    stored = {row.code: row for row in await queries.fees(session)}
    difference = await _put(session, {fee.code: fee for fee, _ in fees}, stored)
    changed = {fee.code: rows for fee, rows in fees if _by_date(rows) != values.get(fee.code, {})}
    await queries.replace_fee_values(session, list(changed), [row for rows in changed.values() for row in rows])
    told = {*difference.created, *difference.updated}
    difference.updated += [code for code in changed if code not in told]
    return difference


def _by_date(values: Sequence[FeeValue]) -> dict[date, str]:
    return {value.valid_from: value.value for value in values}
