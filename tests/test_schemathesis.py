"""The API keeps what its OpenAPI document promises, whatever schemathesis sends it: with a token and without."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import CONTENT, empty_postgres
from tests.journeys.serving import kcc, serving

ROOT = Path(__file__).parent.parent
# The cases that follow from the document alone are a thousand; this many more an operation are drawn at random.
EXAMPLES = "12"


def hold_to_its_document(data: Path, *more: str, **settings: str) -> None:
    """Serve the small kennisbank and let schemathesis loose on it, always with the same seed."""
    address = "/api/v1/openapi.json"
    with serving(data, **settings) as site:
        command = [
            Path(sys.executable).with_name("schemathesis"),
            "--no-color",
            "--config-file",
            ROOT / "schemathesis.toml",
        ]
        options = ["--continue-on-failure", "--seed", "1", "--max-examples", EXAMPLES, "--request-timeout", "120"]
        run = [*command, "run", site.url + address, *options, *more]
        done = subprocess.run(run, cwd=data, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
        assert "API Operations:" in done.stdout
        assert site.errors() == []


def filled(data: Path, **settings: str) -> Path:
    """A service's folder with the small kennisbank in its database."""
    kcc(data, "migrate", **settings)
    kcc(data, "knowledge", "import", str(CONTENT), **settings)
    return data


def test_nothing_is_found_by_who_has_no_token(tmp_path: Path) -> None:
    hold_to_its_document(filled(tmp_path), "--phases", "examples,coverage")


def test_nothing_is_found_by_an_administrator(tmp_path: Path, postgres_server: str) -> None:
    with empty_postgres(postgres_server) as database:
        filled(tmp_path, KCC_DATABASE_URL=database)
        token = kcc(tmp_path, "token", "create", "test", "--role", "administrator", KCC_DATABASE_URL=database).strip()
        hold_to_its_document(tmp_path, "--header", f"Authorization: Bearer {token}", KCC_DATABASE_URL=database)
