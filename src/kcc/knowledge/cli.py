"""`kcc knowledge`: import, export, reindex and search the kennisbank."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kcc import console
from kcc.catalogue import fees
from kcc.errors import Busy
from kcc.knowledge import reading
from kcc.knowledge.content import format_article
from kcc.knowledge.importing import Report, import_path
from kcc.knowledge.index import IndexUnavailable
from kcc.knowledge.indexing import rebuild
from kcc.knowledge.schemas import content_of
from kcc.knowledge.search import Filters, Results
from kcc.knowledge.searching import Searcher
from kcc.settings import Settings, load_settings
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


async def build_index(database: Database, settings: Settings, *, quiet: bool = False) -> int:
    """Build the index anew and show how far it is. Returns the number of articles. Raises Refused when it cannot."""
    try:
        with console.progress("index", quiet=quiet) as tell:
            return await rebuild(database, settings.index_dir, tell)
    except IndexUnavailable as error:
        raise console.Refused(f"the index was not built: {error}; try again later") from None


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
                total.add(await import_path(database, path, settings.make_clock().now(), tell))
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
            articles = await reading.everything(session)
        for article in articles:
            (folder / f"{article.slug}.md").write_text(format_article(content_of(article)), encoding="utf-8")
        return len(articles)

    console.note(f"{console.with_database(work)} articles written to {folder}")


@knowledge.command()
def reindex(quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False) -> None:
    """Build this host's search index anew from the database."""
    settings = load_settings()

    async def work(database: Database) -> int:
        return await build_index(database, settings, quiet=quiet)

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

    async def work(database: Database) -> tuple[Results, dict[str, str]]:
        searcher = Searcher(database, settings.index_dir, clock)
        await searcher.start()
        filters = Filters(audience="agents" if agents else "public", today=clock.today())
        try:
            return searcher.search(" ".join(words), filters, limit=limit), searcher.fees
        except Busy:
            raise console.Refused("there is no usable search index; run: kcc knowledge reindex") from None

    # Printed outside of it: a reader that has enough (`| head`) is no trouble with the database.
    found, values = console.with_database(work)
    if as_json:
        rows = [{"slug": hit.slug, "title": hit.title, "score": hit.score} for hit in found.hits]
        answer = {"total": found.total, "suggestion": found.suggestion, "results": rows}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    if found.suggestion:
        typer.echo(f"did you mean: {found.suggestion}")
    for hit in found.hits:
        short = fees.fill(hit.short_answer, values)
        typer.echo(f"{hit.score:7.2f}  {hit.slug}\n         {hit.title}\n         {short}")
    typer.echo(f"{found.total} found")
