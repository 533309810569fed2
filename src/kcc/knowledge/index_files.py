"""The files of the index on disk: one small manifest names them all, with their sizes and checksums.

    root/CURRENT            checksum and JSON: folder, files, position, fingerprint
    root.lock               held by the one that writes
    root/<generation>/…     Whoosh's segments and table of contents, the vocabularies

Nothing is read through `mmap`: a file that another process truncates would kill the reader. Files are read
whole, checked against the manifest and kept, so whatever happens to them afterwards cannot change an
answer.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .index_codec import MACHINE

CURRENT = "CURRENT"

#: Changes with the layout of the index; an older one is rebuilt.
SCHEMA_VERSION = 1


#: Bytes read at once while checking.
_PIECE = 1 << 20


class IndexUnavailable(Exception):
    """There is no usable index at this moment: missing, damaged, of another version, or being written."""


@dataclass(frozen=True)
class Manifest:
    """What is current: one state of the index."""

    folder: str
    #: Number of Whoosh's table of contents.
    toc: int
    #: Name → (size in bytes, CRC-32).
    files: Mapping[str, tuple[int, int]]
    #: Number of the last change of the database that is in the index.
    position: int
    fingerprint: str
    #: What that change was, to tell it from a change with the same number in another database.
    stamp: str = ""
    version: int = SCHEMA_VERSION
    machine: str = MACHINE

    @property
    def segments(self) -> int:
        """How many pieces a search has to look in; changes add to them, a rebuild makes them few."""
        return sum(name.endswith(".seg") for name in self.files)

    @property
    def name(self) -> str:
        """Differs for every state."""
        return f"{self.folder}.{self.toc}.{self.position}"


def read_manifest(root: Path, fingerprint: str | None = None) -> Manifest:
    """The current manifest; with a fingerprint, only when it is that of the index.

    Raises IndexUnavailable.
    """
    try:
        check, _, body = (root / CURRENT).read_text("utf-8").partition("\n")
        manifest = _parse_manifest(body, int(check))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise IndexUnavailable(f"no index: {problem}") from problem
    if (manifest.version, manifest.machine) != (SCHEMA_VERSION, MACHINE):
        raise IndexUnavailable("the index is of another version")
    if fingerprint not in (None, manifest.fingerprint):
        raise IndexUnavailable("the index was made with another lexicon")
    return manifest


def _parse_manifest(body: str, check: int) -> Manifest:
    if check != zlib.crc32(body.encode()):
        raise ValueError("the manifest is damaged")
    values = json.loads(body)
    values["files"] = {name: (size, crc) for name, (size, crc) in values["files"].items()}
    return Manifest(**values)


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Make a state current, at once for every reader."""
    body = json.dumps(asdict(manifest))
    draft = root / f"{CURRENT}.{os.getpid()}"
    draft.write_text(f"{zlib.crc32(body.encode())}\n{body}", "utf-8")
    draft.replace(root / CURRENT)


def read_files(root: Path, manifest: Manifest, known: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Every file of a state, checked. `known` holds files of an earlier state of the same folder.

    Raises IndexUnavailable when one is missing or damaged.
    """
    files = {}
    for name, (size, crc) in manifest.files.items():
        content = (known or {}).get(name)
        if content is None:
            try:
                content = (root / manifest.folder / name).read_bytes()
            except OSError as problem:
                raise IndexUnavailable(f"no file {name}") from problem
        if len(content) != size or (name not in (known or {}) and zlib.crc32(content) != crc):
            raise IndexUnavailable(f"file {name} is damaged")
        files[name] = content
    return files


def check_files(root: Path, manifest: Manifest) -> None:
    """Look whether every file of a state is as it was written, without holding more than a piece of it.

    Raises IndexUnavailable when one is missing or damaged.
    """
    for name, expected in manifest.files.items():
        try:
            found = checksum(root / manifest.folder / name)
        except OSError as problem:
            raise IndexUnavailable(f"no file {name}") from problem
        if found != expected:
            raise IndexUnavailable(f"file {name} is damaged")


def checksum(path: Path) -> tuple[int, int]:
    """Size and CRC-32 of a file. Raises OSError."""
    size = crc = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
    return size, crc


def describe(files: Mapping[str, bytes]) -> dict[str, tuple[int, int]]:
    """Sizes and checksums of these files."""
    return {name: (len(content), zlib.crc32(content)) for name, content in files.items()}


def new_folder(root: Path) -> Path:
    """A fresh folder for a generation; invisible until a manifest names it."""
    folder = root / f"generation-{time.time_ns():x}"
    folder.mkdir(parents=True)
    return folder


def remove_others(root: Path, manifest: Manifest) -> None:
    """Remove whatever the manifest does not name: older generations, leftovers of a crash."""
    for entry in root.iterdir():
        if entry.is_dir() and entry.name.startswith("generation-") and entry.name != manifest.folder:
            shutil.rmtree(entry, ignore_errors=True)
    for entry in (root / manifest.folder).iterdir():
        if entry.name not in manifest.files:
            with contextlib.suppress(OSError):
                entry.unlink()


@contextlib.contextmanager
def write_lock(root: Path, *, timeout: float = 30.0) -> Iterator[None]:
    """Hold the one writing place of this root. Raises IndexUnavailable after `timeout` seconds."""
    root.mkdir(parents=True, exist_ok=True)
    # Beside the folder, not in it: whoever removes the folder must not remove the lock with it.
    path = root.with_name(root.name + ".lock")
    until = time.monotonic() + timeout
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    raise IndexUnavailable("another process is writing the index") from None
                time.sleep(0.02)
        yield
