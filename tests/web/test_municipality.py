"""The municipality as pages show it."""

from kcc.settings import Settings
from kcc.web.municipality import municipality


def test_a_time_is_never_split_over_two_lines() -> None:
    settings = Settings(municipality_opening_hours="Maandag tot en met vrijdag 8.30 tot 17.00 uur")
    shown = municipality(settings, demonstration=False)
    assert shown.opening_hours == [("Stadhuis", "Maandag tot en met vrijdag 8.30\u00a0tot\u00a017.00\u00a0uur")]
