"""Import of a kennisbank folder or an FAQ file: idempotent, tells what changed, refuses only what is broken."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import importing as catalogue
from kcc.catalogue.models import NO_UPL_NAME, Department, Topic
from kcc.errors import Conflict
from kcc.knowledge import articles, faq, queries, references
from kcc.knowledge.articles import Outcome
from kcc.knowledge.drafts import Draft, Drafts, checksum, read
from kcc.knowledge.following import follow_topics
from kcc.knowledge.models import Article, WordList, WordListKind
from kcc.knowledge.references import Kind, References
from kcc.storage import outbox
from kcc.storage.database import Database

AUTHOR = "import"
WORD_LISTS_CHANGED = "*"
# Articles in one transaction: some tenths of a second in which nobody else writes.
BATCH = 25
# Who waits for SQLite's one writing place looks again after at most this long, in seconds.
PAUSE = 0.1
Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What an import did. `problems` are lines `file:line: what is wrong`."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(self, slug: str, outcome: Outcome) -> None:
        """Count what happened to one article."""
        self.outcomes[outcome] += 1
        if outcome is not Outcome.UNCHANGED:
            self.changed.append(f"{outcome}: {slug}")

    def add(self, other: "Report") -> None:
        """Count in what another import, or another part of this one, did."""
        self.outcomes.update(other.outcomes)
        self.changed += other.changed
        self.problems += other.problems


async def import_path(database: Database, path: Path, now: datetime, progress: Progress | None = None) -> Report:
    """Import a folder of Markdown with its catalogue, one Markdown file, or a .jsonl of official questions.

    For commands: it opens transactions itself, one for each part, so that a running service can write in
    between. One that is broken off leaves whole parts; doing it again does the rest. `progress` is called with
    the number of articles that are in and of all.
    """
    found = read(path)
    report = Report(problems=found.problems)
    done = 0
    for batch in _batches(found.articles):
        if done and database.is_sqlite:
            await asyncio.sleep(PAUSE)
        part = Report()
        async with database.writing() as session:
            await outbox.take_turn(session)  # two imports at once: the second sees what the first did
            if not done:
                await put_catalogue(session, found, now, part)
            await put_articles(session, batch, now, part)
        report.add(part)
        done += len(batch)
        if progress:
            progress(done, len(found.articles))
    return report


def _batches(drafts: list[Draft]) -> Iterator[list[Draft]]:
    """The drafts in parts; at least one part, for what comes with the first."""
    for first in range(0, len(drafts) or 1, BATCH):
        yield drafts[first : first + BATCH]


async def put_catalogue(session: AsyncSession, found: Drafts, now: datetime, report: Report) -> None:
    """Store what articles name and the word lists, and let articles follow topics that changed."""
    if found.are_official:
        await _ensure_faq_topic(session)
    taken = await catalogue.take(session, found.catalogue)
    report.changed += taken.changed
    followed = await follow_topics(session, taken.regrouped, taken.reassigned, AUTHOR, now)
    report.changed += [f"{Outcome.UPDATED}: {slug}" for slug in followed]
    for kind, text in found.word_lists.items():
        await _put_word_list(session, kind, text, now, report)


async def _ensure_faq_topic(session: AsyncSession) -> None:
    department = Department(code="kcc", name="Klantcontactcentrum")
    group = Topic(code=faq.GROUP, name="Rijksoverheid", department="kcc", position=1000)
    topic = Topic(code=faq.TOPIC, name="Vragen aan de Rijksoverheid", parent=faq.GROUP, department="kcc", position=1001)
    await catalogue.ensure(session, department, [group, topic])


async def _put_word_list(session: AsyncSession, kind: WordListKind, text: str, now: datetime, report: Report) -> None:
    stored = await session.get(WordList, kind)
    if stored is None or stored.text != text:
        await session.merge(WordList(kind=kind, text=text, updated_at=now))
        await outbox.append(session, articles.CHANGES, WORD_LISTS_CHANGED, now)
        report.changed.append(f"{Outcome.UPDATED}: {kind}.txt")


async def put_articles(session: AsyncSession, drafts: Sequence[Draft], now: datetime, report: Report) -> None:
    """Store these articles; a refused one leaves no trace and does not stop the others."""
    known = await references.load(session, [draft.content for draft in drafts])
    by_source = await queries.articles_by_source(session, [draft.source_id for draft in drafts if draft.source_id])
    by_slug = await queries.articles_by_slug(session, [draft.slug for draft in drafts if not draft.source_id])
    for draft in drafts:
        stored = by_source.get(draft.source_id) if draft.source_id else by_slug.get(draft.slug)
        # A file that is as it was imported last time leaves an editor's later changes alone.
        if stored is not None and stored.imported_checksum == draft.checksum:
            report.note(draft.slug, Outcome.UNCHANGED)
            continue
        missing = known.missing(draft.content)
        if missing:
            report.problems.append(f"{draft.place}: {'; '.join(_told(kind, name) for kind, name in missing)}")
            continue
        try:
            async with session.begin_nested():
                report.note(draft.slug, await _store(session, draft, stored, known, now))
        except Conflict:
            report.problems.append(f"{draft.place}: the name {draft.slug!r} is already used by another article")


def _told(kind: Kind, name: str) -> str:
    """For operators, in English as everything else on the command line; the API tells editors in Dutch."""
    if kind is Kind.UPL:
        return f"{name!r} is not in the UPL, without a name write {NO_UPL_NAME!r}"
    return f"unknown {kind} {name!r}"


async def _store(
    session: AsyncSession, draft: Draft, stored: Article | None, known: References, now: datetime
) -> Outcome:
    if stored is None:
        slug = await _free_slug(session, draft)
        made = await articles.create(session, slug, draft.content, AUTHOR, now, draft.source_id, known=known)
        made.imported_checksum = draft.checksum
        return Outcome.CREATED
    outcome = await articles.update(session, stored, draft.content, AUTHOR, now, known=known)
    stored.imported_checksum = draft.checksum
    return outcome


async def _free_slug(session: AsyncSession, draft: Draft) -> str:
    """The slug of an official question, told apart when another article has it."""
    if draft.source_id is None or await queries.article(session, draft.slug) is None:
        return draft.slug
    return f"{draft.slug}-{checksum(draft.source_id)[:8]}"
