"""How long browsers may keep a static file: for ever only when its address changes with its content."""

import httpx
import pytest

from kcc.web.assets import asset
from tests.running import ONE_DATABASE

pytestmark = ONE_DATABASE


@pytest.mark.parametrize("name", ["theme.css", "htmx.js", "design-system.css"])
async def test_an_address_with_a_hash_is_kept_for_ever(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(asset(name))
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]


@pytest.mark.parametrize(
    "address", ["/static/theme.css", "/static/vendor/manifest.json", "/static/vendor/made-from.txt"]
)
async def test_an_address_without_one_is_asked_for_again(client: httpx.AsyncClient, address: str) -> None:
    response = await client.get(address)
    assert response.status_code == 200
    assert "immutable" not in response.headers["cache-control"]


async def test_a_version_asked_of_what_has_none_changes_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get("/static/vendor/manifest.json?v=1")
    assert "immutable" not in response.headers["cache-control"]
