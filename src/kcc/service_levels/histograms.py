"""How many calls or visits waited how long: every second apart, so that any threshold can be asked for later. Pure."""

import sys
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

# A longer one is no wait but a call whose end was lost: it counts as this long.
LONGEST = 4 * 3600
_PAIR = 8  # bytes


def packed(waits: Mapping[int, int]) -> bytes:
    """(seconds, how many) pairs in order of seconds, each number in four bytes, the lowest first."""
    numbers = array("I")
    for seconds in sorted(waits):
        if waits[seconds]:
            numbers.extend((seconds, waits[seconds]))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def unpacked(data: bytes) -> Counter[int]:
    """How many waited how many seconds."""
    numbers = _numbers(data)
    return Counter(dict(zip(numbers[::2], numbers[1::2], strict=True)))


def merged(parts: Iterable[bytes]) -> bytes:
    """The waits of all of these together."""
    numbers = _numbers(b"".join(parts))
    found: dict[int, int] = defaultdict(int)
    for seconds, number in zip(numbers[::2], numbers[1::2], strict=True):
        found[seconds] += number
    return packed(found)


def up_to(data: bytes, seconds: int) -> int:
    """How many waited at most so many seconds; of `data` only the first `enough(seconds)` bytes are needed."""
    numbers = _numbers(data)
    return sum(numbers[1 : 2 * bisect_right(numbers[::2], seconds) : 2])


def enough(seconds: int) -> int:
    """In so many bytes everything is told of waits up to so many seconds."""
    return _PAIR * (seconds + 1)


def _numbers(data: bytes) -> Sequence[int]:
    """Where they are, without a copy: a report asks for this hundreds of times."""
    if sys.byteorder == "little":
        return memoryview(data).cast("I")
    numbers = array("I", data)
    numbers.byteswap()
    return numbers
