"""`kcc knowledge`: import, export, reindex and search the kennisbank."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kcc import console
from kcc.catalogue import fees
from kcc.errors import Busy
from kcc.knowledge import queries
from kcc.knowledge.content import format_article
from kcc.knowledge.importing import Report, import_path
from kcc.knowledge.indexing import rebuild
from kcc.knowledge.schemas import content_of
from kcc.knowledge.search import Filters
from kcc.knowledge.searching import Searcher
from kcc.settings import load_settings
from kcc.storage.database import Database

knowledge = typer.Typer(no_args_is_help=True, help="The kennisbank.")


def report(found: Report) -> None:
    """Tell on stdout what an import changed, and on stderr what it could not take in."""
    for line in found.changed:
        typer.echo(line)
    for problem in found.problems:
        typer.echo(problem, err=True)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(found.outcomes.items()))
    console.note(f"{counts or 'nothing imported'}, {len(found.problems)} refused")


@knowledge.command(name="import")
def import_command(
    paths: Annotated[list[Path], typer.Argument(help="Folders of Markdown, or .jsonl files of official questions.")],
) -> None:
    """Import articles; what was readable is in, what was not is told with file and line."""
    settings = load_settings()

    async def work(database: Database) -> Report:
        total = Report()
        for path in paths:
            with console.progress(path.name) as tell:
                async with database.writing() as session:
                    found = await import_path(session, path, settings.make_clock().now(), tell)
            total.outcomes.update(found.outcomes)
            total.changed += found.changed
            total.problems += found.problems
        return total

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise console.Refused(f"no such file or folder: {', '.join(map(str, missing))}")
    report(console.with_database(work))


@knowledge.command(name="export")
def export_command(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made when absent.")],
) -> None:
    """Write every article as a Markdown file that import reads back."""

    async def work(database: Database) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        async with database.reading() as session:
            articles = await queries.all_articles(session)
        for article in articles:
            (folder / f"{article.slug}.md").write_text(format_article(content_of(article)), encoding="utf-8")
        return len(articles)

    console.note(f"{console.with_database(work)} articles written to {folder}")


@knowledge.command()
def reindex(quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False) -> None:
    """Build this host's search index anew from the database."""
    settings = load_settings()

    async def work(database: Database) -> int:
        with console.progress("index", quiet=quiet) as tell:
            return await rebuild(database, settings.index_dir, tell)

    number = console.with_database(work)
    if not quiet:
        console.note(f"{number} articles indexed")


@knowledge.command()
def search(
    words: Annotated[list[str], typer.Argument(help="What a caller says.")],
    agents: Annotated[bool, typer.Option("--agents", help="Also what only agents may see.")] = False,
    limit: Annotated[int, typer.Option(help="How many articles.", min=1, max=100)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Search as the pages do."""
    settings = load_settings()
    clock = settings.make_clock()

    async def work(database: Database) -> None:
        searcher = Searcher(database, settings.index_dir, clock)
        await searcher.start()
        filters = Filters(audience="agents" if agents else "public", today=clock.today())
        try:
            found = searcher.search(" ".join(words), filters, limit=limit)
        except Busy:
            raise console.Refused("there is no usable search index; run: kcc knowledge reindex") from None
        if as_json:
            rows = [{"slug": hit.slug, "title": hit.title, "score": hit.score} for hit in found.hits]
            typer.echo(
                json.dumps(
                    {"total": found.total, "suggestion": found.suggestion, "results": rows},
                    ensure_ascii=False,
                )
            )
            return
        if found.suggestion:
            typer.echo(f"did you mean: {found.suggestion}")
        for hit in found.hits:
            short = fees.fill(hit.short_answer, searcher.fees)
            typer.echo(f"{hit.score:7.2f}  {hit.slug}\n         {hit.title}\n         {short}")
        typer.echo(f"{found.total} found")

    console.with_database(work)
