"""`kcc export`: what is in the files, that twice is once, and what is refused."""

import csv
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from kcc.cli import app as kcc
from kcc.clock import Clock
from kcc.console import Refused
from kcc.service_levels.export.exporting import MANIFEST, NotOurs, Written
from kcc.service_levels.export.keeper import Exporter
from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.contacts.telephony.test_importing import put
from tests.service_levels.export.conftest import SECRETS
from tests.service_levels.phone.conftest import answered

Exported = Callable[..., Awaitable[dict[str, Written]]]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in files(folder)}


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return "" if value is None else str(value)


async def test_parquet_and_csv_say_the_same(filled: None, exported: Exported, tmp_path: Path) -> None:
    await exported()
    manifest = json.loads((tmp_path / "star" / MANIFEST).read_text())
    assert {table["name"] for table in manifest["tables"] if not table["files"]} == set()
    for table in manifest["tables"]:
        for file in table["files"]:
            rows = parquet.read_table(tmp_path / "star" / file["parquet"])
            with (tmp_path / "star" / file["csv"]).open(newline="") as text:
                header, *lines = csv.reader(text)
            assert header == rows.column_names == [column["name"] for column in table["columns"]]
            assert [[plain(value) for value in row.values()] for row in rows.to_pylist()] == lines
            assert len(lines) == file["rows"] > 0
            for kind in ("parquet", "csv"):
                assert sha256((tmp_path / "star" / file[kind]).read_bytes()).hexdigest() == file["sha256"][kind]


async def test_nobody_can_be_found_in_it(filled: None, exported: Exported, tmp_path: Path) -> None:
    await exported()
    for name, data in content(tmp_path / "star").items():
        if name.endswith(".csv"):
            assert [secret for secret in SECRETS if secret.encode() in data] == [], name
    (agents,) = (tmp_path / "star" / "dim_agent").glob("*.parquet")
    kinds = parquet.read_table(agents).column("kind").to_pylist()
    assert sorted(kinds) == ["account", "account", "telephone"]


async def test_twice_is_once_and_parts_are_the_whole(filled: None, exported: Exported, tmp_path: Path) -> None:
    first = await exported()
    assert first["fact_call"] == Written("fact_call", 42, 2, 2)
    before, touched = content(tmp_path / "star"), {path: path.stat().st_mtime_ns for path in files(tmp_path / "star")}
    assert {one.changed for one in (await exported()).values()} == {0}
    assert {path: path.stat().st_mtime_ns for path in files(tmp_path / "star")} == touched
    await exported(date(2026, 11, 17), date(2026, 11, 18), "parts")
    assert "fact_call/fact_call-2026-10.csv" not in content(tmp_path / "parts")
    await exported(date(2026, 10, 31), date(2026, 10, 31), "parts")
    assert content(tmp_path / "parts") == before


async def test_what_comes_late_changes_its_month_only(
    filled: None, exported: Exported, database: Database, tmp_path: Path
) -> None:
    await exported()
    before = content(tmp_path / "star")
    late = datetime(2026, 10, 30, 9, tzinfo=UTC)
    await put(database, answered(int(late.timestamp()), 999, 10))
    await exported()
    after = content(tmp_path / "star")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        f"{table}/{table}-2026-10.{kind}"
        for table in ("fact_call", "fact_queue_quarter")
        for kind in ("csv", "parquet")
    } | {MANIFEST}


async def test_a_folder_of_something_else_is_left_alone(exported: Exported, tmp_path: Path) -> None:
    (tmp_path / "star").mkdir()
    (tmp_path / "star" / "belangrijk.txt").write_text("van iemand")
    with pytest.raises(NotOurs, match="holds other files"):
        await exported()
    assert content(tmp_path / "star") == {"belangrijk.txt": b"van iemand"}
    (tmp_path / "bestand").write_text("")
    with pytest.raises(NotOurs, match="is a file"):
        await exported(folder="bestand")


async def test_nothing_yet(exported: Exported, tmp_path: Path) -> None:
    written = await exported()
    assert {one.rows for name, one in written.items() if name.startswith("fact_")} == {0}
    assert written["dim_quarter"].rows == 96


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCC_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(Refused, match="--to 2026-11-01 is before --from 2026-11-02"):
        CliRunner().invoke(
            kcc,
            ["export", str(tmp_path / "star"), "--from", "2026-11-02", "--to", "2026-11-01"],
            catch_exceptions=False,
        )
    assert CliRunner().invoke(kcc, ["migrate"], catch_exceptions=False).exit_code == 0
    told = CliRunner().invoke(kcc, ["export", str(tmp_path / "star")], catch_exceptions=False)
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.stdout.splitlines()[1:4]] == ["fact_call", "fact_contact", "fact_question"]


async def test_every_night_once(
    filled: None, clock: Clock, moment: SetClock, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCC_DATABASE_URL", database_url)
    monkeypatch.setenv("KCC_DATA_DIR", str(tmp_path / "data"))
    assert not Exporter(clock, None).is_due()
    keeper = Exporter(clock, tmp_path / "star")
    moment.at = datetime(2026, 11, 25, 2, 29, tzinfo=UTC)
    assert not keeper.is_due()
    moment.move(minutes=2)
    assert keeper.is_due()
    await keeper.step()
    assert "fact_call/fact_call-2026-10.csv" in content(tmp_path / "star")
    assert not keeper.is_due()
    moment.move(days=1)
    assert keeper.is_due()
