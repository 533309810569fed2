"""`kcc check`: what is wrong with a set-up, said before it starts."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

from kcc.knowledge import index
from kcc.knowledge.dictionary import dictionary_words
from kcc.settings import Settings
from kcc.storage.database import Database
from kcc.storage.migrate import current_revision, newest_revision
from kcc.storage.unavailable import reason
from kcc.web.assets import AssetsNotBuiltError, asset


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    good: bool
    what: str
    detail: str = ""


async def examine(settings: Settings) -> list[Finding]:
    """Look at settings, data folder, database, index and assets."""
    return [finding async for finding in _findings(settings)]


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield Finding(True, "settings")
    yield _data_folder(settings)
    yield await _database(settings)
    at = index.position(settings.index_dir)
    yield Finding(True, "search index", "usable" if at is not None else "will be built at the first start")
    words = len(dictionary_words())
    yield Finding(
        words > 0, "Dutch word list", f"{words} words" if words else "missing: the package was not built well"
    )
    try:
        asset("theme.css")
    except AssetsNotBuiltError as error:
        yield Finding(False, "front-end packages", str(error))
    else:
        yield Finding(True, "front-end packages")
    for name, path in (("logo", settings.logo), ("theme", settings.theme)):
        if path is not None:
            yield Finding(path.is_file(), f"KCC_{name.upper()}", "" if path.is_file() else f"{path} is not a file")


def _data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Finding(False, "data folder", f"{folder} cannot be made: {error.strerror}")
    writable = os.access(folder, os.W_OK | os.X_OK)
    return Finding(writable, "data folder", str(folder) if writable else f"{folder} is not writable for this user")


async def _database(settings: Settings) -> Finding:
    try:
        database = Database(settings.database)
        try:
            revision = await current_revision(database)
        finally:
            await database.close()
    except Exception as error:
        return Finding(False, "database", f"cannot be reached: {reason(error)}")
    good = revision == newest_revision()
    return Finding(
        good,
        "database",
        f"version {revision}" if good else f"is at {revision or 'nothing'}; run: kcc migrate",
    )
