"""Setting up: migrate, check, and what is said when something is not as it should be."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kcc import checks
from kcc.storage.migrate import newest_revision
from kcc.web.assets import AssetsNotBuiltError
from tests.cli.conftest import Done, Kcc
from tests.conftest import empty_postgres
from tests.knowledge.drafting import TEXT


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, kcc: Kcc, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kcc]:
    """The command on a database in which nothing was ever done."""
    if request.param == "sqlite":
        yield kcc
        return
    with empty_postgres(request.getfixturevalue("postgres_server")) as address:
        monkeypatch.setenv("KCC_DATABASE_URL", address)
        yield kcc


def refused(done: Done) -> str:
    """The sentence with which a command refuses."""
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("kcc: ")
    assert "Traceback" not in done.err
    assert done.err.count("\n") == 1
    return done.err.removeprefix("kcc: ").strip()


def test_migrating_brings_an_empty_database_up_to_date_once(empty: Kcc) -> None:
    assert empty("migrate") == Done(0, "", f"database: empty -> {newest_revision()}\n")
    assert empty("migrate") == Done(0, "", f"database: {newest_revision()} -> {newest_revision()}\n")


def test_a_command_on_an_empty_database_says_what_to_do(empty: Kcc, tmp_path: Path) -> None:
    (tmp_path / "hond.md").write_text(TEXT)
    for arguments in (
        ("user", "add", "jan", "--role", "agent", "--password-stdin"),
        ("token", "create", "machine", "--role", "agent"),
        ("knowledge", "import", tmp_path),
        ("knowledge", "export", tmp_path / "uit"),
        ("knowledge", "reindex"),
        ("knowledge", "search", "paspoort"),
    ):
        done = empty(*arguments, stdin="een goed wachtwoord\n")
        assert (done.code, done.out) == (2, ""), arguments
        assert done.err.endswith("kcc: the database is empty or old; run: kcc migrate\n"), arguments


def test_checking_tells_what_is_not_done_yet_and_then_that_all_is_well(empty: Kcc) -> None:
    before = empty("check")
    assert before.code == 1
    assert "WRONG database: is at nothing; run: kcc migrate" in before.out.splitlines()
    assert "ok    settings" in before.out.splitlines()
    empty("migrate")
    after = empty("check")
    assert (after.code, after.err) == (0, "")
    assert "WRONG" not in after.out
    assert "ok    search index: will be built at the first start" in after.out.splitlines()
    empty("knowledge", "reindex", "--quiet")
    assert "ok    search index: usable" in empty("check").out.splitlines()


def wrong(done: Done) -> list[str]:
    assert done.code == 1
    return [line for line in done.out.splitlines() if line.startswith("WRONG")]


def test_checking_names_each_thing_that_is_wrong(kcc: Kcc, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kcc("migrate")
    monkeypatch.setattr(checks, "dictionary_words", frozenset)
    assert wrong(kcc("check")) == ["WRONG Dutch word list: missing: the package was not built well"]
    monkeypatch.undo()
    monkeypatch.setenv("KCC_DATA_DIR", str(tmp_path / "data"))

    def not_built(name: str) -> str:
        raise AssetsNotBuiltError("front-end packages are missing")

    monkeypatch.setattr(checks, "asset", not_built)
    assert wrong(kcc("check")) == ["WRONG front-end packages: front-end packages are missing"]
    monkeypatch.undo()
    monkeypatch.setenv("KCC_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KCC_LOGO", str(tmp_path / "logo.svg"))
    monkeypatch.setenv("KCC_THEME", str(tmp_path))
    assert wrong(kcc("check")) == [
        f"WRONG KCC_LOGO: {tmp_path / 'logo.svg'} is not a file",
        f"WRONG KCC_THEME: {tmp_path} is not a file",
    ]


def test_checking_a_data_folder_that_cannot_be(kcc: Kcc, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_the_way = tmp_path / "bestand"
    in_the_way.write_text("x")
    monkeypatch.setenv("KCC_DATABASE_URL", f"sqlite:///{tmp_path / 'kcc.sqlite3'}")
    kcc("migrate")
    monkeypatch.setenv("KCC_DATA_DIR", str(in_the_way / "data"))
    (line,) = wrong(kcc("check"))
    assert line.startswith(f"WRONG data folder: {in_the_way / 'data'} cannot be made")


@pytest.fixture(params=["geen server", "geen database", "geen databasebestand", "geen map"])
def unusable(request: pytest.FixtureRequest, kcc: Kcc, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kcc:
    """The command on a database that cannot be used."""
    (tmp_path / "tekst").write_text("geen database " * 100)
    address = {
        "geen server": f"postgresql://kcc@/kcc?host={tmp_path}",
        "geen database": "",
        "geen databasebestand": f"sqlite:///{tmp_path / 'tekst'}",
        "geen map": "sqlite:////dev/null/kan-niet/kcc.sqlite3",
    }[request.param]
    if not address:
        address = request.getfixturevalue("postgres_server").replace("/?", "/bestaat-niet?")
    monkeypatch.setenv("KCC_DATABASE_URL", address)
    return kcc


def test_a_database_that_cannot_be_used_is_told_in_a_sentence(unusable: Kcc) -> None:
    for arguments in (("migrate",), ("knowledge", "reindex", "--quiet"), ("serve", "--port", "1"), ("demo",)):
        done = unusable(*arguments)
        assert done.code == 2, arguments
        assert "Traceback" not in done.err
        assert "kcc: " in done.err
    (line,) = wrong(unusable("check"))
    assert line.startswith("WRONG database: cannot be reached: ")


def test_serving_from_postgresql_waits_for_migrate(
    kcc: Kcc, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_postgres(postgres_server) as address:
        monkeypatch.setenv("KCC_DATABASE_URL", address)
        assert refused(kcc("serve")) == "the database is not at the version this kcc needs; run: kcc migrate"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("KCC_KLEUR", "blauw", "KCC_KLEUR is not a setting of kcc; see docs/operator/settings.md for the list"),
        ("KCC_WORKER", "misschien", "KCC_WORKER: Input should be a valid boolean, unable to interpret input"),
        ("KCC_TIMEZONE", "Mars/Olympus", "KCC_TIMEZONE: is not a known time zone, e.g. Europe/Amsterdam"),
        (
            "KCC_DATABASE_URL",
            "mysql://x",
            "KCC_DATABASE_URL: must start with postgresql:// or be sqlite:/// and a path",
        ),
        ("KCC_CONFIG", "/nergens.toml", "KCC_CONFIG names /nergens.toml, which is not a file"),
    ],
)
def test_a_setting_that_cannot_be_stops_every_command(
    kcc: Kcc, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    for arguments in (("check",), ("migrate",), ("serve",), ("openapi",), ("knowledge", "search", "x")):
        assert refused(kcc(*arguments)) == said


def test_the_openapi_document_is_the_one_that_is_served(kcc: Kcc) -> None:
    done = kcc("openapi")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert document["openapi"] == "3.1.0"
    assert "/articles/{slug}" in document["paths"]


async def test_the_served_document_is_the_printed_one(
    client: httpx.AsyncClient, kcc: Kcc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCC_BASE_URL", "http://kcc.test")
    assert (await client.get("/api/v1/openapi.json")).json() == json.loads(kcc("openapi").out)


def test_help_and_what_is_no_command(kcc: Kcc) -> None:
    shown = kcc("--help")
    assert shown.code == 0
    assert all(
        name in shown.out for name in ("serve", "check", "migrate", "demo", "user", "token", "knowledge", "openapi")
    )
    for arguments in (
        ("vlieg",),
        ("user", "add"),
        ("serve", "--port", "0"),
        ("knowledge", "search"),
        ("migrate", "nu"),
    ):
        done = kcc(*arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert "Traceback" not in done.err


def test_the_demonstration_is_loaded_once(kcc: Kcc, tmp_path: Path) -> None:
    first = kcc("demo", "--days", "3")
    assert first.code == 0
    assert "created: paspoort-aanvragen" in first.out.splitlines()
    assert (
        "accounts (password for all: voorbeeld-demo): medewerker, balie, redacteur, teamleider, beheerder" in first.err
    )
    assert ", 0 refused" in first.err
    again = kcc("demo", "--days", "3")
    assert (again.code, again.out) == (0, "")
    assert "175 unchanged, 0 refused" in again.err
    assert "WRONG" not in kcc("check").out
    found = kcc("knowledge", "search", "mijn paspoort is verlopen", "--json", "--limit", "1")
    assert json.loads(found.out)["results"][0]["slug"] == "paspoort-aanvragen"
    exported = tmp_path / "uit"
    assert kcc("knowledge", "export", exported).err.strip() == f"175 articles written to {exported}"
    back = kcc("knowledge", "import", exported)
    assert (back.code, back.out) == (0, "")
    assert "175 unchanged, 0 refused" in back.err
    shutil.rmtree(tmp_path / "data" / "index")
    assert kcc("knowledge", "reindex").err.strip().endswith("175 articles indexed")
