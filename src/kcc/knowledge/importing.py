"""Import of a kennisbank folder or an FAQ file: idempotent, tells what changed, refuses only what is broken."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import content as catalogue_files
from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import Department, Topic
from kcc.errors import DomainError
from kcc.knowledge import articles, faq, queries
from kcc.knowledge.articles import Outcome
from kcc.knowledge.content import ContentError, parse_article, slug_of
from kcc.knowledge.models import Article, WordList, WordListKind
from kcc.knowledge.schemas import ArticleContent
from kcc.knowledge.synonyms import EditorialError, parse_compounds, parse_synonyms
from kcc.storage import outbox

AUTHOR = "import"
WORD_LISTS_CHANGED = "*"
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


@dataclass(frozen=True)
class _Draft:
    """One article read from a file, with the checksum of what was read."""

    slug: str
    content: ArticleContent
    checksum: str
    place: str
    source_id: str | None = None


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def import_path(session: AsyncSession, path: Path, now: datetime, progress: Progress | None = None) -> Report:
    """Import a folder of Markdown with its catalogue, one Markdown file, or a .jsonl of official questions."""
    report = Report()
    await outbox.take_turn(session)  # two imports at once: the second sees what the first did
    if path.is_dir():
        await _import_catalogue(session, path, now, report)
        drafts = list(_drafts_in(path, report))
    elif path.suffix == ".jsonl" and path.is_file():
        await _ensure_faq_topic(session)
        drafts = list(_faq_drafts(path, report))
    elif path.suffix == ".md" and path.is_file():
        drafts = list(_read_all([path], report))
    else:
        report.problems.append(f"{path}:1: not a folder, a .md file or a .jsonl file")
        return report
    for done, draft in enumerate(drafts, start=1):
        await _put(session, draft, now, report)
        if progress:
            progress(done, len(drafts))
    return report


def _drafts_in(folder: Path, report: Report) -> Iterator[_Draft]:
    files = sorted(file for file in folder.rglob("*.md") if file.name != "README.md")
    if not files:
        report.problems.append(f"{folder}:1: no article (*.md) in this folder")
    return _read_all(files, report)


def _read_all(files: list[Path], report: Report) -> Iterator[_Draft]:
    seen: dict[str, Path] = {}
    for file in files:
        try:
            slug = slug_of(file)
            if slug in seen:
                report.problems.append(f"{file}:1: the name {slug!r} is already used by {seen[slug]}")
                continue
            text = file.read_text(encoding="utf-8")
            draft = _Draft(slug, parse_article(text, str(file)), _checksum(text), f"{file}:1")
        except ContentError as error:
            report.problems.append(str(error))
        except UnicodeDecodeError as error:
            report.problems.append(f"{file}:1: not UTF-8 text (byte {error.start})")
        except OSError as error:
            report.problems.append(f"{file}:1: cannot be read: {error.strerror}")
        else:
            seen[slug] = file
            yield draft


def _faq_drafts(path: Path, report: Report) -> Iterator[_Draft]:
    used: Counter[str] = Counter()
    lines: dict[str, int] = {}
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.strip():
                continue
            try:
                line = raw.decode("utf-8-sig")
                question = faq.parse_line(line, str(path), number)
            except UnicodeDecodeError as error:
                report.problems.append(f"{path}:{number}: not UTF-8 text (byte {error.start})")
            except ContentError as error:
                report.problems.append(str(error))
            else:
                if question.source_id in lines:
                    first = lines[question.source_id]
                    report.problems.append(f"{path}:{number}: id {question.source_id!r} is already on line {first}")
                    continue
                lines[question.source_id] = number
                used[question.slug] += 1
                slug = question.slug if used[question.slug] == 1 else f"{question.slug}-{used[question.slug]}"
                yield _Draft(slug, question.content, _checksum(line), f"{path}:{number}", question.source_id)


async def _put(session: AsyncSession, draft: _Draft, now: datetime, report: Report) -> None:
    """Store one article; a refused one leaves no trace and does not stop the others."""
    try:
        async with session.begin_nested():
            report.note(draft.slug, await _store(session, draft, now))
    except DomainError as error:
        report.problems.append(f"{draft.place}: {error.detail}")


async def _store(session: AsyncSession, draft: _Draft, now: datetime) -> Outcome:
    known = await _find(session, draft)
    if known is None:
        slug = await _free_slug(session, draft)
        made = await articles.create(session, slug, draft.content, AUTHOR, now, draft.source_id)
        made.imported_checksum = draft.checksum
        return Outcome.CREATED
    # A file that is as it was imported last time leaves an editor's later changes alone.
    if known.imported_checksum == draft.checksum:
        return Outcome.UNCHANGED
    outcome = await articles.update(session, known, draft.content, AUTHOR, now)
    known.imported_checksum = draft.checksum
    return outcome


async def _find(session: AsyncSession, draft: _Draft) -> Article | None:
    if draft.source_id is not None:
        return await queries.article_by_source(session, draft.source_id)
    return await queries.article(session, draft.slug)


async def _free_slug(session: AsyncSession, draft: _Draft) -> str:
    """The slug of an official question, told apart when another article has it."""
    if draft.source_id is None or await queries.article(session, draft.slug) is None:
        return draft.slug
    return f"{draft.slug}-{_checksum(draft.source_id)[:8]}"


async def _ensure_faq_topic(session: AsyncSession) -> None:
    if await catalogue.topic(session, faq.TOPIC) is None:
        await catalogue.merge(session, [Department(code="kcc", name="Klantcontactcentrum")])
        group = Topic(code=faq.GROUP, name="Rijksoverheid", department="kcc", position=1000)
        topic = Topic(
            code=faq.TOPIC,
            name="Vragen aan de Rijksoverheid",
            parent=faq.GROUP,
            department="kcc",
            position=1001,
        )
        await catalogue.merge(session, [group, topic])


async def _import_catalogue(session: AsyncSession, folder: Path, now: datetime, report: Report) -> None:
    for name, take in (("upl.csv", _take_upl), ("topics.toml", _take_topics), ("tarieven.toml", _take_fees)):
        if (folder / name).is_file():
            try:
                report.problems += await take(session, folder / name)
            except catalogue_files.CatalogueError as error:
                report.problems.append(str(error))
    for kind in WordListKind:
        await _take_word_list(session, folder / f"{kind}.txt", kind, now, report)


async def _take_upl(session: AsyncSession, path: Path) -> list[str]:
    names, problems = catalogue_files.read_upl(path)
    await catalogue.merge(session, names)
    return problems


async def _take_topics(session: AsyncSession, path: Path) -> list[str]:
    topics = catalogue_files.read_topics(path)
    await catalogue.merge(session, topics.departments)
    await catalogue.merge(session, topics.topics)
    return []


async def _take_fees(session: AsyncSession, path: Path) -> list[str]:
    fees, problems = catalogue_files.read_fees(path)
    for fee, values in fees:
        await catalogue.merge(session, [fee])
        await catalogue.replace_fee_values(session, fee.code, values)
    return problems


async def _take_word_list(session: AsyncSession, path: Path, kind: WordListKind, now: datetime, report: Report) -> None:
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
        (parse_synonyms if kind is WordListKind.SYNONYMS else parse_compounds)(text, str(path))
    except EditorialError as error:
        report.problems.append(str(error))
        return
    except UnicodeDecodeError as error:
        report.problems.append(f"{path}:1: not UTF-8 text (byte {error.start})")
        return
    stored = await session.get(WordList, kind)
    if stored is None or stored.text != text:
        await session.merge(WordList(kind=kind, text=text, updated_at=now))
        await outbox.append(session, articles.CHANGES, WORD_LISTS_CHANGED, now)
        report.changed.append(f"updated: {path.name}")
