"""`kcc report`: the same figures on the command line."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Kcc
from tests.service_levels.phone.conftest import abandoned, answered

AT = 1_795_507_200  # 24 November 2026, 9.00 in Amsterdam


def logged(kcc: Kcc, folder: Path) -> Kcc:
    file = folder / "queue_log"
    lines = [*answered(AT, 1, 20), *answered(AT, 2, 40, queue="belastingen"), *abandoned(AT, 3, 90)]
    file.write_text("\n".join(lines) + "\n")
    assert kcc("calls", "import", file).code == 0
    return kcc


def test_a_report_in_three_forms(installed: Kcc, tmp_path: Path) -> None:
    kcc = logged(installed, tmp_path)
    period = ("report", "--from", "2026-11-23", "--to", "2026-11-24")
    found = json.loads(kcc(*period, "--format", "json").out)
    assert found["definition"]["variant"] == "offered"
    assert [row["serviceLevelPercent"] for row in found["rows"]] == [None, 100 / 3]
    rows = list(csv.DictReader(io.StringIO(kcc(*period, "--format", "csv", "--split", "queue").out)))
    assert [(row["start"], row["queue"], row["offered"]) for row in rows[2:]] == [
        ("2026-11-24", "algemeen", "2"),
        ("2026-11-24", "belastingen", "1"),
    ]
    table = kcc(*period, "--by", "month", "--threshold", "60").out
    assert "66.7 %" in table
    assert "no data" in kcc("report", "--from", "2026-11-23", "--to", "2026-11-23").out


def test_in_time_is_what_is_promised_unless_given(
    installed: Kcc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kcc = logged(installed, tmp_path)
    monkeypatch.setenv("KCC_ANSWER_WITHIN_SECONDS", "45")  # the default until a target is set
    for more, threshold, within in (((), 45, 2), (("--threshold", "0"), 0, 0)):
        done = kcc("report", "--from", "2026-11-24", "--to", "2026-11-24", "--format", "json", *more)
        found = json.loads(done.out)
        assert found["definition"]["thresholdSeconds"] == threshold
        assert found["rows"][0]["answeredWithin"] == within


def test_counted_anew(installed: Kcc, tmp_path: Path) -> None:
    kcc = logged(installed, tmp_path)
    done = kcc("report", "--from", "2026-11-24", "--to", "2026-11-24", "--rebuild")
    assert done.code == 0
    assert "1 days counted anew" in done.err
    assert "33.3 %" in done.out


def test_what_cannot_be_asked(installed: Kcc, tmp_path: Path) -> None:
    kcc = logged(installed, tmp_path)
    reversed_ = kcc("report", "--from", "2026-11-24", "--to", "2026-11-01")
    assert (reversed_.code, reversed_.err) == (2, "kcc: --to 2026-11-01 is before --from 2026-11-24\n")
    unknown = kcc("report", "--queue", "nergens")
    assert unknown.code == 2
    assert "nergens" in unknown.err
    assert kcc("report", "--variant", "best").code == 2
    assert kcc("report", "--threshold", "99999").code == 2
    assert kcc("report", "--from", "gisteren").code == 2
