"""The arithmetic on bits against sets of numbers, counted one by one."""

from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.availability.starts import block, every, fitting, positions, starts, unusable_gap

CELLS = st.sets(st.integers(0, 150))
# Long free stretches, as days at a counter have.
FREE = st.lists(st.tuples(st.integers(0, 150), st.integers(1, 40)), max_size=6).map(
    lambda runs: {cell for first, length in runs for cell in range(first, first + length)}
)


def row(cells: set[int]) -> int:
    """The cells as bits."""
    return sum(1 << cell for cell in cells)


@given(first=st.integers(0, 300), end=st.integers(0, 300))
def test_block(first: int, end: int) -> None:
    assert set(positions(block(first, end))) == set(range(first, end))


@given(cells=st.sets(st.integers(0, 20_000)))
def test_positions(cells: set[int]) -> None:
    assert list(positions(row(cells))) == sorted(cells)


@given(step=st.integers(1, 50), first=st.integers(0, 300), end=st.integers(0, 300))
def test_every(step: int, first: int, end: int) -> None:
    assert list(positions(every(step, first, end))) == list(range(first, end, step))


@given(free=FREE, cells=st.integers(1, 45))
def test_fitting(free: set[int], cells: int) -> None:
    expected = {first for first in free if all(first + number in free for number in range(cells))}
    assert set(positions(fitting(row(free), cells))) == expected


@given(
    free=st.lists(FREE, max_size=3),
    stretches=st.lists(st.tuples(st.integers(0, 150), st.integers(0, 190)), max_size=4),
    cells=st.integers(1, 12),
    step=st.integers(1, 15),
    travel=st.integers(0, 5),
)
def test_starts(free: list[set[int]], stretches: list[tuple[int, int]], cells: int, step: int, travel: int) -> None:
    expected = [
        start
        for start in range(200)
        if any(first <= start < end and (start - first) % step == 0 for first, end in stretches)
        and any(all(cell in counter for cell in range(start - travel, start + cells + travel)) for counter in free)
    ]
    found = starts(map(row, free), stretches, cells=cells, step=step, travel=travel)
    assert list(positions(found)) == expected


@given(free=CELLS | FREE, first=st.integers(0, 100), cells=st.integers(1, 20), smallest=st.integers(1, 20))
def test_unusable_gap(free: set[int], first: int, cells: int, smallest: int) -> None:
    end = first + cells
    before = next(number for number in range(first + 1) if first - number - 1 not in free)
    after = next(number for number in range(400) if end + number not in free)
    unusable = sum(gap for gap in (before, after) if gap < smallest)
    assert unusable_gap(row(free), first, end, smallest) == (unusable, before + after)


def test_a_gap_at_the_edge_of_the_day() -> None:
    assert unusable_gap(block(0, 10), 0, 4, 3) == (0, 6)
    assert unusable_gap(block(0, 10), 2, 9, 3) == (3, 3)
