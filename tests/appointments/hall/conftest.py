"""One service for all tests of the hall under pressure, on each database: every test has a location of its own."""

from collections.abc import Iterator

import pytest

from tests.appointments.hall.opened import SETTINGS
from tests.appointments.hall_server import HallServer, hall_server, migrated
from tests.conftest import empty_postgres

WORKERS = 3


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HallServer]:
    """PostgreSQL is served by several processes, SQLite by one: that is how they are run."""
    data = tmp_path_factory.mktemp("hall")
    if request.param == "sqlite":
        with hall_server(f"sqlite:///{data / 'kcc.sqlite3'}", data, **SETTINGS) as running:
            yield running
    else:
        with (
            empty_postgres(request.getfixturevalue("postgres_server")) as database_url,
            hall_server(migrated(database_url), data, workers=WORKERS, **SETTINGS) as running,
        ):
            yield running
