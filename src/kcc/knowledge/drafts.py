"""Reads what is to be imported, without a database: articles, and of a folder its catalogue and word lists."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kcc.catalogue.importing import CatalogueFiles
from kcc.catalogue.importing import read as read_catalogue
from kcc.knowledge import faq
from kcc.knowledge.content import ContentError, parse_article, slug_of
from kcc.knowledge.models import WordListKind
from kcc.knowledge.schemas import ArticleContent
from kcc.knowledge.synonyms import EditorialError, parse_compounds, parse_synonyms


@dataclass(frozen=True)
class Draft:
    """One article as it was read; `place` is its file and line, `checksum` that of what was read."""

    slug: str
    content: ArticleContent
    checksum: str
    place: str
    source_id: str | None = None


@dataclass
class Drafts:
    """What was read. `problems` are lines `file:line: what is wrong`."""

    articles: list[Draft] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    catalogue: CatalogueFiles = field(default_factory=CatalogueFiles)
    word_lists: dict[WordListKind, str] = field(default_factory=dict)
    are_official: bool = False
    """Questions of another publisher, which have a topic of their own."""


def checksum(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> Drafts:
    """Read a folder of Markdown with its catalogue, one Markdown file, or a .jsonl of official questions."""
    found = Drafts()
    if path.is_dir():
        found.catalogue = read_catalogue(path)
        found.problems += found.catalogue.problems
        for kind in WordListKind:
            _read_word_list(path / f"{kind}.txt", kind, found)
        files = sorted(file for file in path.rglob("*.md") if file.name != "README.md")
        if not files:
            found.problems.append(f"{path}:1: no article (*.md) in this folder")
        found.articles = list(_articles(files, found.problems))
    elif path.suffix == ".jsonl" and path.is_file():
        found.are_official = True
        found.articles = list(_questions(path, found.problems))
    elif path.suffix == ".md" and path.is_file():
        found.articles = list(_articles([path], found.problems))
    else:
        found.problems.append(f"{path}:1: not a folder, a .md file or a .jsonl file")
    return found


def _read_word_list(path: Path, kind: WordListKind, found: Drafts) -> None:
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
        (parse_synonyms if kind is WordListKind.SYNONYMS else parse_compounds)(text, str(path))
    except EditorialError as error:
        found.problems.append(str(error))
    except UnicodeDecodeError as error:
        found.problems.append(f"{path}:1: not UTF-8 text (byte {error.start})")
    else:
        found.word_lists[kind] = text


def _articles(files: list[Path], problems: list[str]) -> Iterator[Draft]:
    seen: dict[str, Path] = {}
    for file in files:
        try:
            slug = slug_of(file)
            if slug in seen:
                problems.append(f"{file}:1: the name {slug!r} is already used by {seen[slug]}")
                continue
            text = file.read_text(encoding="utf-8")
            draft = Draft(slug, parse_article(text, str(file)), checksum(text), f"{file}:1")
        except ContentError as error:
            problems.append(str(error))
        except UnicodeDecodeError as error:
            problems.append(f"{file}:1: not UTF-8 text (byte {error.start})")
        except OSError as error:
            problems.append(f"{file}:1: cannot be read: {error.strerror}")
        else:
            seen[slug] = file
            yield draft


def _questions(path: Path, problems: list[str]) -> Iterator[Draft]:
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
                problems.append(f"{path}:{number}: not UTF-8 text (byte {error.start})")
            except ContentError as error:
                problems.append(str(error))
            else:
                if question.source_id in lines:
                    first = lines[question.source_id]
                    problems.append(f"{path}:{number}: id {question.source_id!r} is already on line {first}")
                    continue
                lines[question.source_id] = number
                used[question.slug] += 1
                slug = question.slug if used[question.slug] == 1 else f"{question.slug}-{used[question.slug]}"
                yield Draft(slug, question.content, checksum(line), f"{path}:{number}", question.source_id)
