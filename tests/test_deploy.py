"""deploy/ names only what is there: settings, commands, pages and files of this version."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from kcc.cli import app as cli
from kcc.routes import all_routes
from kcc.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields} | {"KCC_CONFIG"}


def _compose() -> dict[str, dict[str, dict[str, object]]]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def _unit() -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names are case-sensitive
    unit.read(DEPLOY / "systemd/kcc.service")
    return unit


def _understood(arguments: list[str]) -> bool:
    """Whether `kcc` knows these commands and options; raises click's error when it does not."""
    command = typer.main.get_command(cli)
    while hasattr(command, "commands"):
        name = arguments[0]
        assert name in command.commands, f"kcc has no command {name}"
        command, arguments = command.commands[name], arguments[1:]
    command.make_context("kcc", list(arguments))
    return True


def _paths() -> set[str]:
    return {getattr(route, "path", "") for route in all_routes(Settings())}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_named_is_one(path: Path) -> None:
    named = set(re.findall(r"\bKCC_[A-Z_]*[A-Z]", path.read_text()))
    assert named <= KNOWN


def test_the_example_settings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DEPLOY / "kcc.toml").read_text()
    everything = DEPLOY / "kcc.toml"
    monkeypatch.setenv("KCC_CONFIG", str(everything))
    assert load_settings().secure
    for line in re.findall(r"^# (\w+) = ", text, re.MULTILINE):
        assert line in Settings.model_fields


def test_commands_in_the_readme_exist() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (DEPLOY / "README.md").read_text(), re.DOTALL)
    commands = re.findall(r"\bkcc (?!kcc\b)([a-z][^&'#\n]*)", "\n".join(blocks))
    assert len(commands) >= 9
    assert all(_understood(shlex.split(command)) for command in commands)


def test_the_unit_runs_a_command_that_exists() -> None:
    program, *arguments = shlex.split(_unit()["Service"]["ExecStart"])
    assert program == "/opt/kcc/bin/kcc"
    assert _understood(arguments)


def test_the_unit_gives_no_rights_and_one_folder() -> None:
    service = _unit()["Service"]
    assert service["User"] == "kcc"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    for key in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute"):
        assert service[key] == "yes", key
    assert "ReadWritePaths" not in service
    account = (DEPLOY / "systemd/kcc.sysusers.conf").read_text().splitlines()[-1].split()
    assert account[1] == service["User"]
    config = load_settings(data_dir=Path("/var/lib") / service["StateDirectory"])
    assert f'data_dir = "{config.data_dir}"' in (DEPLOY / "kcc.toml").read_text()


def test_nginx_passes_on_to_where_the_unit_listens() -> None:
    text = (DEPLOY / "nginx/kcc.conf").read_text()
    arguments = shlex.split(_unit()["Service"]["ExecStart"])
    host, port = arguments[arguments.index("--host") + 1], arguments[arguments.index("--port") + 1]
    assert f"server {host}:{port};" in text
    assert text.count("{") == text.count("}")


def test_nginx_names_pages_that_exist() -> None:
    text = (DEPLOY / "nginx/kcc.conf").read_text()
    named = set(re.findall(r"location (?:= )?(/\S*) \{\s+(?!root|\s)", text)) - {"/"}
    for location in named:  # one that ends in a slash stands for all below it
        assert any(path == location.rstrip("/") or path.startswith(f"{location.rstrip('/')}/") for path in _paths())
    unlimited = re.search(r"location / \{\s+proxy_pass", text)  # a contact centre behind one address
    assert unlimited is not None
    assert "/inloggen" in named
    login = re.search(r"location = /inloggen \{(.*?)\}", text, re.DOTALL)
    assert login is not None
    assert "limit_req zone=kcc_login" in login[1]


def test_nginx_leaves_refusing_large_bodies_to_kcc() -> None:
    size = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx/kcc.conf").read_text())
    assert size is not None
    assert int(size[1]) * 1024 * 1024 > Settings().max_body_bytes


def test_nginx_sets_what_kcc_believes() -> None:
    text = (DEPLOY / "nginx/kcc.conf").read_text()
    assert "proxy_set_header Host $http_host;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "$proxy_add_x_forwarded_for" not in text


def test_compose_runs_commands_that_exist() -> None:
    for name in ("migrate", "kcc"):
        command = _compose()["services"][name]["command"]
        assert isinstance(command, list)
        assert _understood([str(word) for word in command])


def test_compose_holds_no_secret() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    for line in text.splitlines():
        if "PASSWORD" in line and not line.lstrip().startswith("#"):
            assert "${POSTGRES_PASSWORD:?" in line


def test_compose_keeps_data_and_shows_only_kcc_to_this_machine() -> None:
    compose = _compose()
    kcc, database = compose["services"]["kcc"], compose["services"]["database"]
    assert kcc["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in database
    for service in (kcc, database):
        volumes = [str(volume).partition(":")[0] for volume in service["volumes"]]  # type: ignore[attr-defined]
        assert set(volumes) <= set(compose["volumes"])
        assert "healthcheck" in service


def test_the_health_checks_ask_a_page_that_exists() -> None:
    texts = [(DEPLOY / name).read_text() for name in ("compose.yaml", "Containerfile")]
    asked = [address for text in texts for address in re.findall(r"urlopen\('http://127\.0\.0\.1:8000(/\w+)'", text)]
    assert len(asked) == 2
    assert set(asked) <= _paths()


def test_the_image_is_made_from_files_that_are_there_and_not_run_as_root() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source in allowed, f".dockerignore leaves {source} out"
    stage = text[text.rindex("FROM") :]
    assert re.search(r"^USER (?!0|root)\S+$", stage, re.MULTILINE)
    assert _understood(yaml.safe_load(re.search(r"^CMD (\[.+\])$", stage, re.MULTILINE)[1]))  # type: ignore[index]
