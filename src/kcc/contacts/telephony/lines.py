"""Lines of a file that may be very large, may have no ends of lines at all, and may be in any encoding."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

BLOCK_BYTES = 1_000_000
# A line that is longer is no line of a log: its beginning is enough to say so.
LINE_BYTES = 64_000


class Block(NamedTuple):
    """Whole lines. `size` is how many bytes of the file they take, with the ends of lines."""

    lines: list[str]
    size: int


def decoded(data: bytes) -> list[str]:
    """The lines in UTF-8; one that is not is read byte by byte (Latin-1), so that nothing of it is lost."""
    try:
        return data.decode().split("\n")
    except UnicodeDecodeError:
        return [_decoded_line(line) for line in data.split(b"\n")]


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def blocks(file: BinaryIO, *, whole: bool = True) -> Iterator[Block]:
    """The file from where it stands, some lines at a time.

    `whole`: what comes after the last end of line is a line too. Otherwise it is left: more of it may be to come.
    """
    rest = b""
    skipped = 0  # bytes of a line that is too long, after its beginning
    while data := file.read(BLOCK_BYTES):
        if skipped:
            cut = data.find(b"\n")
            if cut < 0:
                skipped += len(data)
                continue
            yield Block([rest.decode("latin-1")], len(rest) + skipped + cut + 1)
            rest, skipped, data = b"", 0, data[cut + 1 :]
        data = rest + data
        cut = data.rfind(b"\n") + 1
        rest = data[cut:]
        if cut:
            yield Block(decoded(data[: cut - 1]), cut)
        if len(rest) > LINE_BYTES:
            skipped, rest = len(rest) - LINE_BYTES, rest[:LINE_BYTES]
    if whole and rest:
        yield Block(decoded(rest), len(rest) + skipped)
