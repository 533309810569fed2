"""Where a follower is in a log, and how it is found again after the log was rotated, copied or truncated.

Only files are looked at here, nothing is kept. A place is known by the bytes before it: an inode can be given out
again, and a copy has another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kcc.contacts.telephony.lines import BLOCK_BYTES, LINE_BYTES, decoded

TAIL_BYTES = 256
Fingerprint = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Place:
    """The next byte to read: of the file with this inode, at an offset, where line `line` (from 0) begins."""

    inode: str = ""
    offset: int = 0
    line: int = 0
    tail: str = ""
    tail_length: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The file that the place is in, and those that came after it, oldest first; the last is the log as it is now.

    `lost`: the place is in none of the files; reading begins at the oldest that could hold more.
    """

    files: tuple[Path, ...]
    place: Place
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands at a place, up to the end of a line: its lines and the place after it."""

    file: Path
    lines: list[str]
    first: int
    after: Place


def locate(log: Path, place: Place, fingerprint: Fingerprint) -> Found:
    """Find the place in the log or in what it was rotated to: `log.1`, `log-20261124` and so on. Raises OSError."""
    if place == Place():
        return Found((log,), Place(_inode(log)))
    older = _rotated(log)
    files = [*older, log]
    # By inode first: the same bytes may stand in a copy too.
    for match in (_same_file, _same_bytes):
        for number in range(len(files) - 1, -1, -1):
            if match(files[number], place) and _tail_matches(files[number], place, fingerprint):
                here = Place(_inode(files[number]), place.offset, place.line, place.tail, place.tail_length)
                return Found(tuple(files[number:]), here)
    return Found((log,), Place(_inode(log)), lost=True)


def read_on(found: Found, fingerprint: Fingerprint) -> Piece | None:
    """The next whole lines, in the next file when this one is at its end; None when there are none yet.

    An older file is left only when there is something in the one after it: until then the exchange may write to it.
    """
    files, place = found.files, found.place
    while True:
        newer = files[1:] if len(files) > 1 and files[1].stat().st_size > 0 else ()
        piece = _read(files[0], place, fingerprint, whole=bool(newer))
        if piece is not None or not newer:
            return piece
        files, place = newer, Place(_inode(newer[0]))


def behind(found: Found, piece: Piece | None) -> int:
    """How many bytes are still to be read after this piece."""
    files, offset = found.files, found.place.offset
    if piece is not None:
        files, offset = files[files.index(piece.file) :], piece.after.offset
    return max(0, sum(file.stat().st_size for file in files) - offset)


def _read(file: Path, place: Place, fingerprint: Fingerprint, *, whole: bool) -> Piece | None:
    with file.open("rb") as opened:
        opened.seek(place.offset)
        data = opened.read(BLOCK_BYTES)
        cut = data.rfind(b"\n") + 1
        if not cut and len(data) > LINE_BYTES:  # no line of a log: taken as one that cannot be read, up to here
            cut = len(data)
        if not cut and whole:
            cut = len(data)
        if not cut:
            return None
        lines = decoded(data[:cut].removesuffix(b"\n"))
        length = min(TAIL_BYTES, place.offset + cut)
        opened.seek(place.offset + cut - length)
        tail = opened.read(length)
    after = Place(place.inode, place.offset + cut, place.line + len(lines), fingerprint(tail), length)
    return Piece(file, lines, place.line + 1, after)


def _inode(file: Path) -> str:
    status = file.stat()
    return f"{status.st_dev}:{status.st_ino}"


def _rotated(log: Path) -> list[Path]:
    """What the log was before, oldest first, as far as it can be read."""
    names = (path for path in log.parent.iterdir() if path.name.startswith((log.name + ".", log.name + "-")))
    files = [path for path in names if path.is_file() and path.suffix not in {".gz", ".xz", ".bz2", ".zst"}]
    return sorted(files, key=lambda path: (path.stat().st_mtime, path.name))


def _same_file(file: Path, place: Place) -> bool:
    return _inode(file) == place.inode


def _same_bytes(file: Path, place: Place) -> bool:
    return place.tail_length > 0


def _tail_matches(file: Path, place: Place, fingerprint: Fingerprint) -> bool:
    if file.stat().st_size < place.offset:
        return False
    with file.open("rb") as opened:
        opened.seek(place.offset - place.tail_length)
        return fingerprint(opened.read(place.tail_length)) == place.tail
