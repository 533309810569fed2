"""Which of the two shells a page has: that of residents or that of employees."""

import httpx

from tests.running import ONE_DATABASE

pytestmark = ONE_DATABASE


async def test_a_page_that_begins_like_a_page_for_employees_is_for_residents(client: httpx.AsyncClient) -> None:
    for path in ("/werkgelegenheid", "/redactieraad", "/inloggen-bij-digid"):
        page = await client.get(f"{path}?lang=en")
        assert page.status_code == 404
        assert '<html lang="en"' in page.text, path


async def test_pages_for_employees_are_dutch(client: httpx.AsyncClient) -> None:
    for path in ("/werk/bestaat-niet", "/redactie/bestaat-niet", "/inloggen"):
        assert '<html lang="nl"' in (await client.get(f"{path}?lang=en")).text, path
