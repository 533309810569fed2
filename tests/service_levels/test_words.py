"""Figures in Dutch: what is short of its target never reads as if it was kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels import words
from kcc.service_levels.advice import Advice
from kcc.service_levels.comparison import Comparison
from kcc.service_levels.figures import Group, Outcome, Targets

TARGETS = Targets()


def outcome(within: float | None) -> Outcome:
    """What came of runs with this share of appointments in time."""
    nobody = Group(0, None, None, None, None)
    return Outcome(10, Group(5, within, 60, 0, 300) if within is not None else nobody, nobody, 50, 70, 0, 0)


def compared(shares: dict[int, float | None], fewest: int | None, advice: Advice | None = None) -> Comparison:
    rows = tuple((number, outcome(within)) for number, within in sorted(shares.items()))
    return Comparison(10, 4, rows[-1][1], rows, fewest, advice)


def plain(text: str | None) -> str:
    return (text or "").replace(words.SPACE, " ")


@pytest.mark.parametrize(
    ("value", "target", "shown"),
    [
        (None, 95, "geen gegevens"),
        (91, 95, "91,0 %"),
        (94.96, 95, "94,9 %"),
        (95, 95, "95,0 %"),
        (99.97, 95, "99,9 %"),
        (100, 95, "100,0 %"),
        (0, 95, "0,0 %"),
    ],
)
def test_a_percentage(value: float | None, target: float, shown: str) -> None:
    assert plain(words.percent(value, target)) == shown


@given(st.floats(0, 100), st.integers(1, 100), st.integers(0, 1))
def test_a_percentage_shows_on_which_side_of_the_target_it_is(value: float, target: int, decimals: int) -> None:
    shown = float(plain(words.percent(value, target, decimals)).removesuffix(" %").replace(",", "."))
    assert (shown >= target) == (value >= target)
    assert abs(shown - value) <= 10**-decimals


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "Geen gegevens"),
        (91, "4 punt onder de norm"),
        (95.54, "0,5 punt boven de norm"),
        (95, "Precies de norm"),
        (94.99, "Minder dan 0,1 punt onder de norm"),
    ],
)
def test_the_distance_to_the_target(value: float | None, said: str) -> None:
    assert words.distance(value, 95) == said


def test_spans_and_numbers() -> None:
    assert [plain(words.span(seconds)) for seconds in (None, 0, 45, 60, 125.4, 3600)] == [
        "geen gegevens",
        "0 s",
        "45 s",
        "1 min",
        "2 min 5 s",
        "60 min",
    ]
    assert words.people(1, "afspraak", "afspraken") == "1 afspraak"
    assert words.people(12345, "afspraak", "afspraken") == "12.345 afspraken"
    assert [words.punctuality(late) for late in (None, -4.2, 1, 0.01)] == [
        "geen gegevens",
        "4,2 minuten voor de afspraaktijd",
        "1 minuut na de afspraaktijd",
        "precies op tijd",
    ]


@pytest.mark.parametrize(
    ("shares", "fewest", "said"),
    [
        ({3: 81.4, 4: 96.6}, 4, "Met 4 loketten wordt 97 % binnen 5 minuten opgeroepen; met 3 is dat 81 %."),
        ({1: 94.9, 2: 100}, 2, "Met 2 loketten wordt 100 % binnen 5 minuten opgeroepen; met 1 is dat 94 %."),
        ({1: 95.2, 2: 100}, 1, "Met 1 loket wordt 95 % binnen 5 minuten opgeroepen."),
        (
            {19: 50, 20: 60},
            None,
            "Ook met 20 loketten wordt de norm niet gehaald: dan wordt 60 % binnen 5 minuten opgeroepen. "
            "Er staan te veel afspraken tegelijk.",
        ),
        ({1: None}, None, "Er zijn geen afspraken op deze dag. Er valt dus geen norm te halen."),
    ],
)
def test_the_advice_as_a_person_would_say_it(shares: dict[int, float | None], fewest: int | None, said: str) -> None:
    assert plain(words.advice(compared(shares, fewest), TARGETS)) == said


def test_what_an_even_spread_would_do() -> None:
    one = Advice(1, 10, None, outcome(97.2))
    assert plain(words.spread(compared({1: 90.0}, None, one), TARGETS, None)) == (
        "Met een begintijd om de 10 minuten is 1 loket genoeg: dan wordt 97 % op tijd opgeroepen."
    )
    three = Advice(3, 5, (0, 3600), outcome(95.6))
    assert plain(words.spread(compared({4: 96.0}, 4, three), TARGETS, ("9.00", "12.30"))) == (
        "Met een begintijd om de 5 minuten en inloop van 9.00 tot 12.30 uur zijn 3 loketten genoeg: "
        "dan wordt 96 % op tijd opgeroepen."
    )
    assert words.spread(compared({4: 96.0}, 4), TARGETS, None) is None
