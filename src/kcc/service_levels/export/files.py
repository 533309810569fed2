"""A table as Parquet and as CSV: the same rows give the same bytes, and a file that would not change is left alone."""

import csv
import hashlib
import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kcc.service_levels.export.columns import Column, Kind

PARQUET, CSV = ".parquet", ".csv"


def put(path: Path, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> bool:
    """Write `path` with .parquet and .csv behind it. Returns whether anything changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    changed = [_put(path.with_name(path.name + end), make(columns, rows)) for end, make in _FORMATS.items()]
    return any(changed)


def remove(path: Path) -> bool:
    """Take both files away. Returns whether there were any."""
    found = [file for end in _FORMATS if (file := path.with_name(path.name + end)).exists()]
    for file in found:
        file.unlink()
    return bool(found)


def put_text(path: Path, text: str) -> bool:
    """Write a file. Returns whether it changed."""
    return _put(path, text.encode())


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def length(path: Path) -> int:
    """How many rows a Parquet file has."""
    from pyarrow import parquet

    return int(parquet.read_metadata(path).num_rows)


def _put(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return True


def _parquet(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> bytes:
    # Not at the start of a `kcc` command: it is large, and only an export needs it.
    import pyarrow
    from pyarrow import parquet

    kinds = {
        Kind.TEXT: pyarrow.string(),
        Kind.INTEGER: pyarrow.int64(),
        Kind.INSTANT: pyarrow.timestamp("us", tz="UTC"),
        Kind.DATE: pyarrow.date32(),
    }
    fields = [pyarrow.field(one.name, kinds[one.kind], metadata={"about": one.about}) for one in columns]
    by_column = zip(*rows, strict=True) if rows else ([] for _ in columns)
    arrays = [pyarrow.array(list(values), field.type) for values, field in zip(by_column, fields, strict=True)]
    buffer = io.BytesIO()
    table = pyarrow.table(arrays, schema=pyarrow.schema(fields))
    parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _csv(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([one.name for one in columns])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


_FORMATS = {PARQUET: _parquet, CSV: _csv}
