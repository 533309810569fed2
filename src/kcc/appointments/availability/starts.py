"""When a visit can start, by arithmetic on bits. Pure: no database, no clock.

A row of cells is an integer: bit k is the k-th cell after some first cell that the caller chose. Python's
integers have as many bits as it takes, so a month at a counter (8,928 cells) is one number, and "free",
"long enough" and "on the step" are a handful of operations each.
"""

import struct
from collections.abc import Iterable, Iterator


def block(first: int, end: int) -> int:
    """Bits `first` up to but not including `end`."""
    return ((1 << max(0, end - first)) - 1) << first if end > first else 0


def fitting(free: int, cells: int) -> int:
    """The bits from which `cells` (1 or more) consecutive bits are set.

    Doubles the length already known to be free, so it takes as many steps as `cells` has binary digits.
    """
    length = 1
    while length < cells:
        shift = min(length, cells - length)
        free &= free >> shift
        length += shift
    return free


def every(step: int, first: int, end: int) -> int:
    """Bits `first`, `first + step`, … below `end`."""
    if end <= first:
        return 0
    count = -(-(end - first) // step)
    # A row of ones with step - 1 zeros between them: a geometric series.
    return (((1 << (step * count)) - 1) // ((1 << step) - 1)) << first


def starts(free: Iterable[int], stretches: Iterable[tuple[int, int]], *, cells: int, step: int, travel: int = 0) -> int:
    """The bits at which a visit can start.

    `free` has a row of bits for each counter that serves the visit, `stretches` the times (first bit, end) the
    location is open. The visit takes `cells`, and `travel` more before and after; it starts at the opening of a
    stretch plus a multiple of `step`.
    """
    possible = 0
    for row in free:
        possible |= fitting(row, cells + 2 * travel) << travel
    grid = 0
    for first, end in stretches:
        grid |= every(step, first, end)
    return possible & grid


def positions(bits: int) -> Iterator[int]:
    """Which bits are set, lowest first."""
    # 64 at a time: taking the lowest bit of a long number costs its whole length.
    words = -(-bits.bit_length() // 64)
    offset = 0
    for word in struct.unpack(f"<{words}Q", bits.to_bytes(words * 8, "little")):
        left = word
        while left:
            lowest = left & -left
            yield offset + lowest.bit_length() - 1
            left ^= lowest
        offset += 64


def unusable_gap(free: int, first: int, end: int, smallest: int) -> tuple[int, int]:
    """What a visit from `first` to `end` would leave of the free time around it.

    Returns (cells in gaps shorter than `smallest`, cells in both gaps): the less the better, in this order.
    """
    before = 0
    while first - before > 0 and free >> (first - before - 1) & 1:
        before += 1
    after = 0
    while free >> (end + after) & 1:
        after += 1
    return sum(gap for gap in (before, after) if gap < smallest), before + after
