"""`kcc calls`: import, follow, source."""

from pathlib import Path

import pytest

from tests.cli.conftest import Done, Kcc
from tests.contacts.telephony.logs import T, day

MAPPING = """
delimiter = ";"
decimal = ","
date_format = "%d-%m-%Y %H:%M:%S"
timezone = "Europe/Amsterdam"
encoding = "cp1252"

[columns]
call_id = "Nummer"
queue = "Wachtrij"
entered = ["Datum", "Tijd"]
wait = "Wacht"
talk = "Gesprek"
agent = "Medewerker"
caller = "Beller"
outcome = "Einde"

[outcomes]
"beantwoord" = "answered"
"opgehangen" = "abandoned"
"naar de nacht" = "timeout"
"""
CSV = """Nummer;Datum;Tijd;Wachtrij;Wacht;Gesprek;Medewerker;Beller;Einde
1;24-11-2026;09:00:00;algemeen;12,7;1:30;Zoë;0612345678;beantwoord
2;24-11-2026;09:01:00;algemeen;9;;;;opgehangen
3;25-10-2026;02:30:00;algemeen;70;;;;naar de nacht
4;29-03-2026;02:30:00;algemeen;70;;;;naar de nacht
5;31-02-2026;02:30:00;algemeen;70;;;;naar de nacht
6;24-11-2026;09:02:00;algemeen;lang;;;;opgehangen
7;24-11-2026;09:02:00;algemeen;7;;;;verdwenen
8;24-11-2026
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "queue_log"
    file.write_text("\n".join(day(10)) + "\n")
    return file


def test_import_tells_what_it_did_and_what_it_could_not_read(installed: Kcc, log: Path) -> None:
    lines = len(day(10))
    with log.open("a") as file:
        file.write("rubbish 0612345678\n")
    done = installed("calls", "import", log)
    assert (done.code, done.out) == (0, "")
    assert f"{log}:{lines + 1}: has 1 fields" in done.err
    assert "0612345678" not in done.err
    assert f"{lines} events new, 0 known already, 1 lines not read" in done.err
    assert f"0 events new, {lines} known already" in installed("calls", "import", log).err


def test_a_dry_run_keeps_nothing_and_needs_no_database(kcc: Kcc, installed: Kcc, log: Path) -> None:
    assert f"{len(day(10))} events would be read" in kcc("calls", "import", log, "--dry-run").err
    assert f"{len(day(10))} events new" in installed("calls", "import", log).err


def test_a_dump_with_local_times_and_the_hour_that_comes_twice(installed: Kcc, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    # 25 October 2026: 2:30 is 0:30 UTC and an hour later 1:30 UTC; the call id is 1:29:50 UTC.
    dump.write_text(
        "2026-10-25 02:30:00.123456|1792891790.1|q|NONE|ENTERQUEUE||1|1\n"
        "2026-10-25 02:30:00|NONE|q|SIP/1|PAUSE|x\n"
        "2026-03-29 02:30:00|NONE|q|SIP/1|PAUSE|x\n"
    )
    done = installed("calls", "import", dump, "--timezone", "Europe/Amsterdam")
    assert "2 times lie in the hour that came twice" in done.err.replace("\n", " ")
    assert "1 were told apart by their call id, 1 were taken as the first" in done.err.replace("\n", " ")
    assert "does not exist in Europe/Amsterdam" in done.err
    assert "2 events new" in done.err
    dump.write_text("1792891800|1792891790.1|q|NONE|ENTERQUEUE||1|1\n")
    assert installed("calls", "import", dump).code == 0


def test_a_csv_by_its_mapping(installed: Kcc, tmp_path: Path) -> None:
    csv, mapping = tmp_path / "calls.csv", tmp_path / "map.toml"
    csv.write_text(CSV, encoding="cp1252")
    mapping.write_text(MAPPING)
    arguments = ("calls", "import", csv, "--format", "csv", "--mapping", mapping)
    dry = installed(*arguments, "--dry-run")
    assert dry.out.splitlines() == [
        "line 2: algemeen, entered 2026-11-24 08:00:00 UTC, answered, wait 12, talk 90, agent Zoë, caller yes",
        "line 3: algemeen, entered 2026-11-24 08:01:00 UTC, abandoned, wait 9",
        "line 4: algemeen, entered 2026-10-25 00:30:00 UTC, sent-away, wait 70, reason timeout",
    ]
    done = installed(*arguments)
    assert (done.code, done.out) == (0, "")
    for number, problem in (
        (5, "does not exist"),
        (6, "its time is '31-02-2026 02:30:00'"),
        (7, "'lang' is not a number"),
        (8, "'verdwenen' is not in [outcomes]"),
        (9, "another number of columns"),
    ):
        assert any(line.startswith(f"{csv}:{number}: ") and problem in line for line in done.err.splitlines()), problem
    assert "7 events new" in done.err
    assert "0 events new, 7 known already" in installed(*arguments).err


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ("x", "is not TOML"),
        ("[columns]\nentered = 'Datum'", "only queue"),
        ("queue = 'q'\n[columns]\nentered = 'Dag'", "no column Dag; the columns are: Nummer"),
        ("queue = 'q'\ncolour = 1\n[columns]\nentered = 'Datum'", "colour"),
        ("queue = 'q'\ntimezone = 'Mars'\n[columns]\nentered = 'Datum'", "Mars"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(kcc: Kcc, tmp_path: Path, mapping: str, problem: str) -> None:
    csv, file = tmp_path / "calls.csv", tmp_path / "map.toml"
    csv.write_text(CSV.replace(";", ","))
    file.write_text(mapping)
    done = kcc("calls", "import", csv, "--format", "csv", "--mapping", file, "--dry-run")
    assert done.code == 2
    assert problem in done.err


def test_what_cannot_be_is_refused(kcc: Kcc, log: Path, tmp_path: Path) -> None:
    for arguments, problem in (
        (("import", tmp_path / "nothing"), "no such file"),
        (("import", log, "--format", "csv"), "go together"),
        (("import", log, "--timezone", "Mars"), "not a known time zone"),
        (("import", log, "--source", "a b"), "a source is named by"),
        (("follow", tmp_path / "nowhere" / "log"), "no such file"),
    ):
        done = kcc("calls", *arguments)
        assert (done.code, problem in done.err) == (2, True), done.err


def test_follow_once(installed: Kcc, log: Path) -> None:
    done = installed("calls", "follow", log, "--once")
    assert (done.code, done.out) == (0, "")
    assert f"queue_log: {len(day(10))} events, nothing behind" in done.err
    with log.open("a") as file:
        file.write(f"{T + 90_000}|NONE|q|SIP/1|PAUSE|x\n")
    assert "1 events new, 0 known already" in installed("calls", "follow", log, "--once").err


def test_source_prints_a_secret_and_nothing_else(installed: Kcc) -> None:
    first, second = installed("calls", "source", "centrale"), installed("calls", "source", "centrale")
    assert first.code == 0
    assert len(first.out.strip()) >= 40
    assert first.out.count("\n") == 1
    assert first.out != second.out


def test_an_agent_is_put_at_a_telephone(installed: Kcc) -> None:
    installed("user", "add", "anna", "--role", "agent", "--password-stdin", stdin="een heel goed wachtwoord\n")
    done = installed("user", "extension", "Anna", "PJSIP/101", "--since", "2026-11-24T08:30")
    assert done == Done(0, "", "Anna: PJSIP/101 since 2026-11-24 07:30 UTC\n")
    assert installed("user", "extension", "anna", "").err.startswith("anna: no telephone since ")
    for wrong in (("niemand", "101"), ("anna", "x" * 61), ("anna", "101", "--since", "gisteren")):
        refused = installed("user", "extension", *wrong)
        assert (refused.code, refused.err[:5]) == (2, "kcc: ")


def test_simulated_days_can_be_imported(installed: Kcc, tmp_path: Path) -> None:
    def simulate(name: str, *more: str) -> Done:
        days = ("--days", "3", "--from", "2026-11-02", "--calls", "40")
        return installed("calls", "simulate", *days, "--out", str(tmp_path / name), *more)

    done = simulate("one")
    lines = (tmp_path / "one").read_text().splitlines()
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{len(lines)} lines of simulated calls from 2026-11-02 in {tmp_path / 'one'}\n"
    assert lines[0].split("|")[4:] == ["SIMULATED", "seed 1", "days 3"]
    simulate("again")
    simulate("other", "--seed", "2")
    simulate("mixed", "--shuffle")
    simulate("lost", "--lose-ends", "100")
    texts = {name: (tmp_path / name).read_text() for name in ("again", "other", "mixed", "lost")}
    assert texts["again"].splitlines() == lines != texts["other"].splitlines()
    assert sorted(texts["mixed"].splitlines()) == sorted(lines) != texts["mixed"].splitlines()
    assert "COMPLETE" in "".join(lines)
    assert "COMPLETE" not in texts["lost"]
    imported = installed("calls", "import", str(tmp_path / "one"))
    assert f"{len(lines)} events new, 0 known already, 0 lines not read" in imported.err
    mixed = installed("calls", "import", str(tmp_path / "mixed"))
    assert f"0 events new, {len(lines)} known already" in mixed.err


@pytest.mark.parametrize(
    "wrong", [("--days", "0"), ("--days", "2", "--from", "gisteren"), ("--days", "2", "--lose-ends", "101")]
)
def test_what_cannot_be_simulated_is_refused(kcc: Kcc, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    assert kcc("calls", "simulate", *wrong, "--out", str(tmp_path / "log")).code == 2
    assert not (tmp_path / "log").exists()


def test_a_file_that_is_there_is_not_written_over(kcc: Kcc, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("of somebody")
    refused = kcc("calls", "simulate", "--days", "1", "--out", str(tmp_path / "log"))
    assert (refused.code, "is there already" in refused.err) == (2, True)
    assert (tmp_path / "log").read_text() == "of somebody"
