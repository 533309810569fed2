"""Settings: read from variables, a TOML file and arguments; whatever is wrong is named before anything starts."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kcc.settings import Settings, SettingsError, load_settings

MALFORMED = [
    ("KCC_DATABASE_URL", "mysql://localhost/kcc"),
    ("KCC_DATABASE_URL", "postgresql://kcc@localhost:poort/kcc"),
    ("KCC_DATABASE_URL", "postgresql:/kcc"),
    ("KCC_DATABASE_URL", "kcc.sqlite3"),
    ("KCC_DATABASE_URL", "sqlite://"),
    ("KCC_DATABASE_URL", "sqlite:///:memory:"),
    ("KCC_DATABASE_URL", ""),
    ("KCC_SECRET_KEY", "te kort"),
    ("KCC_BASE_URL", "kcc.test"),
    ("KCC_BASE_URL", "https://kcc.test/"),
    ("KCC_BASE_URL", "https://kcc.test/pad"),
    ("KCC_BASE_URL", "https://kcc.test?a=b"),
    ("KCC_BASE_URL", "https://"),
    ("KCC_BASE_URL", "http://["),
    ("KCC_BASE_URL", "ftp://kcc.test"),
    ("KCC_TIMEZONE", "Europe/Utrecht"),
    ("KCC_TIMEZONE", "../../etc/passwd"),
    ("KCC_TIMEZONE", "Europe"),
    ("KCC_TIMEZONE", ""),
    ("KCC_CLOCK", "morgen"),
    ("KCC_CLOCK", "0001-01-01T00:00:00+14:00"),
    ("KCC_CLOCK_ORIGIN", "gisteren"),
    ("KCC_CLOCK_ORIGIN", "2026-11-24T07:30:00"),
    ("KCC_WORKER", "misschien"),
    ("KCC_RATE_LIMITS", ""),
    ("KCC_SECURITY_CONTACT", "security@voorbeeld.example"),
    ("KCC_SECURITY_CONTACT", "mailto:a@voorbeeld.example\nContact: mailto:b@voorbeeld.example"),
    ("KCC_SESSION_IDLE_MINUTES", "0"),
    ("KCC_SESSION_IDLE_MINUTES", "half uur"),
    ("KCC_SESSION_MAX_HOURS", "25"),
    ("KCC_MAX_BODY_BYTES", "1"),
    ("KCC_LOG_FORMAT", "xml"),
    ("KCC_LOG_LEVEL", "loud"),
]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is set where the tests run is not set here."""
    for variable in [name for name in os.environ if name.startswith("KCC_")]:
        monkeypatch.delenv(variable)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that KCC_CONFIG names."""
    path = tmp_path / "kcc.toml"
    monkeypatch.setenv("KCC_CONFIG", str(path))
    return path


def _refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_without_any_setting_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database == f"sqlite:///{Path('data').resolve()}/kcc.sqlite3"
    assert not settings.secure
    assert not settings.make_clock().simulated


@pytest.mark.parametrize(("variable", "value"), MALFORMED)
def test_a_malformed_value_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    assert _refusal().startswith(f"{variable}: ")


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCC_TIMEZONE", "Europe/Utrecht")
    monkeypatch.setenv("KCC_WORKER", "misschien")
    refusal = _refusal()
    assert "KCC_TIMEZONE: " in refusal
    assert "KCC_WORKER: " in refusal


def test_a_refusal_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCC_SECRET_KEY", "geheim")
    monkeypatch.setenv("KCC_DATABASE_URL", "postgresql://kcc:geheim@localhost:poort/kcc")
    assert "geheim" not in _refusal()


@pytest.mark.parametrize("variable", ["KCC_PORTT", "KCC_DATABASEURL", "KCC_", "KCC_TESTING"])
def test_a_variable_that_is_no_setting_is_named(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "")
    refusal = _refusal()
    assert refusal.startswith(f"{variable} is not a setting of kcc")
    assert "docs/operator/settings.md" in refusal


def test_variables_of_the_tests_and_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCC_TEST_POSTGRES_URL", "x")
    monkeypatch.setenv("KCCX", "x")
    monkeypatch.setenv("DATA_DIR", "/elsewhere")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("value", "meaning"), [("on", True), ("true", True), ("1", True), ("off", False), ("false", False), ("0", False)]
)
def test_on_and_off_may_be_written_as_people_do(monkeypatch: pytest.MonkeyPatch, value: str, meaning: bool) -> None:
    monkeypatch.setenv("KCC_RATE_LIMITS", value)
    assert load_settings().rate_limits is meaning


def test_arguments_go_before_variables_and_variables_before_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('log_level = "debug"\nlog_format = "text"\nmunicipality_name = "Gemeente Bestand"\n')
    monkeypatch.setenv("KCC_LOG_LEVEL", "warning")
    monkeypatch.setenv("KCC_LOG_FORMAT", "json")
    settings = load_settings(log_level="error")
    assert (settings.log_level, settings.log_format) == ("error", "json")
    assert settings.municipality_name == "Gemeente Bestand"


def test_the_file_takes_every_kind_of_value(config: Path) -> None:
    config.write_text(
        'worker = false\nsession_max_hours = 8\nlogo = "logo.svg"\nclock_origin = 2026-11-24T07:30:00Z\n'
        'clock = "2026-11-24T07:30:00Z x60"\n'
    )
    settings = load_settings()
    assert (settings.worker, settings.session_max_hours, settings.logo) == (False, 8, Path("logo.svg"))
    assert settings.clock_origin == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def test_a_file_that_is_not_there_is_named(config: Path) -> None:
    assert _refusal() == f"KCC_CONFIG names {config}, which is not a file"
    config.mkdir()
    assert _refusal() == f"KCC_CONFIG names {config}, which is not a file"


def test_a_broken_file_is_named_with_the_line(config: Path) -> None:
    config.write_text("worker = true\nlog_level = loud\n")
    refusal = _refusal()
    assert str(config) in refusal
    assert "line 2" in refusal


def test_a_file_that_is_no_text_is_named(config: Path) -> None:
    config.write_bytes(b"\xff\xfe\x00")
    assert str(config) in _refusal()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("portt = 1", "KCC_PORTT: is not a setting of kcc"),
        ("[server]\nport = 1", "KCC_SERVER: is not a setting of kcc"),
        ('timezone = "Europe/Utrecht"', "KCC_TIMEZONE: is not a known time zone"),
        ("timezone = 1", "KCC_TIMEZONE: "),
        ('config = "other.toml"', "KCC_CONFIG: is not a setting of kcc"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_too(config: Path, line: str, named: str) -> None:
    config.write_text(line)
    assert _refusal().startswith(named)


def test_a_simulated_clock_is_refused_with_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCC_CLOCK", "2026-11-24T07:30:00Z x60")
    assert load_settings().make_clock().simulated
    monkeypatch.setenv("KCC_BASE_URL", "https://kcc.test")
    assert _refusal().startswith("KCC_CLOCK is refused while KCC_BASE_URL is https")


def test_workers_that_are_given_one_origin_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCC_CLOCK", "2026-11-24T07:30:00Z x60")
    monkeypatch.setenv("KCC_CLOCK_ORIGIN", (datetime.now(UTC) - timedelta(hours=2)).isoformat())
    passed = load_settings().make_clock().now() - datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert passed >= timedelta(hours=2) * 60


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = settings.resolve_secret_key()
    assert len(key) >= 64
    assert settings.resolve_secret_key() == key
    (file,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == key
    assert Settings(data_dir=tmp_path / "elsewhere").resolve_secret_key() != key


def test_a_secret_key_that_was_given_is_used_and_none_is_made(tmp_path: Path) -> None:
    key = "k" * 32
    assert Settings(data_dir=tmp_path, secret_key=key).resolve_secret_key() == key
    assert list(tmp_path.iterdir()) == []


def test_a_secret_key_that_was_emptied_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("\n")
    with pytest.raises(SettingsError, match=r"secret-key.*too short"):
        Settings(data_dir=tmp_path).resolve_secret_key()


def test_processes_that_start_at_once_agree_on_the_secret_key(tmp_path: Path) -> None:
    work = "from kcc.settings import load_settings; input(); print(load_settings().resolve_secret_key())"
    environment = os.environ | {"KCC_DATA_DIR": str(tmp_path / "data")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-c", work], env=environment, **pipes) for _ in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate()[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0] * 4
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret-key"]
