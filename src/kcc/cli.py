"""The `kcc` command."""

import json
import os
import sys
from datetime import UTC, datetime
from getpass import getpass
from typing import Annotated

import typer

from kcc import console, demo
from kcc.access.accounts import normalise, put_account
from kcc.access.queries import account_by_name
from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.appointments.plan_queries import closings_everywhere
from kcc.contacts.callbacks.rules import rules as callback_rules
from kcc.contacts.telephony.cli import calls
from kcc.contacts.telephony.seats import sit_down, stand_up
from kcc.errors import DomainError
from kcc.knowledge.cli import build_index, knowledge, report
from kcc.knowledge.importing import Report
from kcc.knowledge.indexing import is_usable
from kcc.routes import openapi_document
from kcc.service_levels.cli import waits
from kcc.service_levels.export.cli import export_command
from kcc.service_levels.export.views import drop_views, make_views
from kcc.service_levels.phone_cli import report as service_level_report
from kcc.service_levels.queue_names import rename_queue_command
from kcc.service_levels.staffing_cli import staffing
from kcc.settings import SettingsError, load_settings
from kcc.storage.database import Database
from kcc.storage.migrate import current_revision, migrate, newest_revision

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The service a municipality's contact centre runs on.",
)
user = typer.Typer(no_args_is_help=True, help="Accounts of employees.")
token = typer.Typer(no_args_is_help=True, help="API tokens.")
app.add_typer(user, name="user")
app.add_typer(token, name="token")
app.add_typer(knowledge, name="knowledge")
calls.command(name="rename")(rename_queue_command)
app.add_typer(calls, name="calls")
app.add_typer(waits, name="waits")
app.command("report")(service_level_report)
app.command(name="staffing")(staffing)
app.command(name="export")(export_command)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Serving processes.", min=1, max=64)] = 1,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Serve only; no background work.")] = False,
) -> None:
    """Serve the pages and the API."""
    import uvicorn

    settings = load_settings()
    if "base_url" not in settings.model_fields_set:  # so that links in mail lead to where it is served
        os.environ["KCC_BASE_URL"] = _address(host, port)
    if no_worker:
        os.environ["KCC_WORKER"] = "off"
    if settings.clock and not settings.clock_origin:  # all workers count from the same moment
        os.environ["KCC_CLOCK_ORIGIN"] = datetime.now(UTC).isoformat()
    console.with_database(_prepare)
    console.note(f"serving at http://{host}:{port}")
    uvicorn.run(
        "kcc.app:create",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=15,
    )


def _address(host: str, port: int) -> str:
    """Where somebody on this machine finds what is served; every address of it is not one to go to."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (compared, not listened on)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _prepare(database: Database) -> None:
    """An embedded database is brought up to date by itself; a shared one only when asked."""
    if await current_revision(database) == newest_revision():
        return
    if not database.is_sqlite:
        raise console.Refused("the database is not at the version this kcc needs; run: kcc migrate")
    await migrate(database)


@app.command(name="migrate")
def migrate_command() -> None:
    """Bring the database to the version this kcc needs; on PostgreSQL with the views for reports."""
    zone = load_settings().timezone

    async def work(database: Database) -> str:
        before = await current_revision(database)
        await drop_views(database)
        await migrate(database)
        await make_views(database, str(zone))
        return f"{before or 'empty'} -> {newest_revision()}"

    console.note(f"database: {console.with_database(work)}")


@app.command()
def check() -> None:
    """Tell what is wrong with this set-up, before it starts."""
    from kcc.checks import examine

    findings = console.run(examine(load_settings()))
    for finding in findings:
        typer.echo(
            f"{'ok   ' if finding.good else 'WRONG'} {finding.what}{': ' if finding.detail else ''}{finding.detail}"
        )
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@app.command(name="demo")
def demo_command(
    days: Annotated[
        int, typer.Option(min=0, max=1000, help="Of how many days until now calls, contacts and visits are simulated.")
    ] = demo.DAYS,
) -> None:
    """Load the demonstration municipality. Doing it twice changes nothing."""
    settings = load_settings()
    clock = settings.make_clock()
    promises = callback_rules(settings, clock, closings_everywhere)

    async def work(database: Database) -> Report:
        await migrate(database)
        with console.progress("articles") as tell:
            loaded = await demo.load(database, clock, promises, settings.resolve_secret_key(), tell, days)
        if loaded is None:
            raise console.Refused(
                "this database is in use: it holds accounts or articles that are not the demonstration's; "
                "point KCC_DATA_DIR or KCC_DATABASE_URL to an empty one"
            )
        if not await is_usable(database, settings.index_dir):
            await build_index(database, settings)
        return loaded

    report(console.with_database(work))
    console.note(
        "accounts (password for all: " + demo.PASSWORD + "): " + ", ".join(name for name, _, _ in demo.ACCOUNTS)
    )


@app.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    typer.echo(json.dumps(openapi_document(load_settings()), ensure_ascii=False, indent=2))


@user.command(name="add")
def user_add(
    name: Annotated[str, typer.Argument(help="Log-in name.")],
    role: Annotated[list[Role], typer.Option(help="Role; may be given more than once.")],
    display_name: Annotated[str, typer.Option(help="Name on screens; without it the log-in name.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add an account, or give an existing one a new password and these roles."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass("Password: ")
    settings = load_settings()

    async def work(database: Database) -> bool:
        async with database.writing() as session:
            return await put_account(session, name, display_name or name, password, role, settings.make_clock().now())

    console.note(f"{'added' if console.with_database(work) else 'changed'}: {name} ({', '.join(role)})")


@user.command(name="extension")
def user_extension(
    name: Annotated[str, typer.Argument(help="Log-in name.")],
    extension: Annotated[str, typer.Argument(help="The telephone, as the exchange names it; empty for none.")],
    since: Annotated[str, typer.Option(help="From when, e.g. 2026-11-24T08:30; default now.")] = "",
) -> None:
    """Say at which telephone an agent sits; calls there belong to their contacts."""
    clock = load_settings().make_clock()
    try:
        told = datetime.fromisoformat(since) if since else clock.now()
    except ValueError:
        raise console.Refused(f"{since!r} is not a moment, such as 2026-11-24T08:30") from None
    moment = (told if told.tzinfo else told.replace(tzinfo=clock.timezone)).astimezone(UTC)

    async def work(database: Database) -> None:
        async with database.writing() as session:
            account = await account_by_name(session, normalise(name))
            if account is None:
                raise console.Refused(f"no such account: {name}")
            if extension:
                await sit_down(session, account.name, extension, moment)
            else:
                await stand_up(session, account.name, moment)

    console.with_database(work)
    console.note(f"{name}: {extension or 'no telephone'} since {moment:%Y-%m-%d %H:%M} UTC")


@token.command(name="create")
def token_create(
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    role: Annotated[Role, typer.Option(help="What it may do.")],
) -> None:
    """Make an API token; it is printed once and cannot be shown again."""
    settings = load_settings()

    async def work(database: Database) -> str:
        async with database.writing() as session:
            return await create_token(session, name, role, settings.make_clock().now())

    typer.echo(console.with_database(work))
    console.note("valid for a year; send it as Authorization: Bearer …")


def main() -> None:
    """Run the command; what goes wrong in an expected way is one sentence, not a traceback."""
    try:
        app()
    except (SettingsError, DomainError, console.Refused) as error:
        typer.echo(f"kcc: {error}", err=True)
        raise SystemExit(2) from None
