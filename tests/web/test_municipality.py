"""The municipality as pages show it."""

import httpx

from kcc.settings import Settings
from kcc.web.municipality import municipality


def test_a_time_is_never_split_over_two_lines() -> None:
    settings = Settings(
        municipality_opening_hours="Maandag tot en met vrijdag 8.30 tot 17.00 uur",
        municipality_opening_hours_en="Monday to Friday 8:30 to 17:00",
    )
    shown = municipality(settings, demonstration=False)
    assert shown.hours("nl") == ("Maandag tot en met vrijdag 8.30\u00a0tot\u00a017.00\u00a0uur", "nl")
    assert shown.hours("en") == ("Monday to Friday 8:30\u00a0to\u00a017:00", "en")


def test_hours_set_in_dutch_only_are_told_in_dutch() -> None:
    shown = municipality(Settings(municipality_opening_hours="Woensdag 9.00 tot 12.00 uur"), demonstration=False)
    assert shown.hours("en") == ("Woensdag 9.00\u00a0tot\u00a012.00\u00a0uur", "nl")


async def test_an_english_page_tells_the_hours_in_english(client: httpx.AsyncClient) -> None:
    page = await client.get("/afspraak?lang=en")
    assert "<p>Monday to Friday 8:30\u00a0to\u00a017:00</p>" in page.text
    assert "Maandag tot en met" not in page.text
