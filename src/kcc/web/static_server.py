"""Static files: addresses carry a content hash, so browsers may keep them for ever."""

import re

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOREVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"
# As the build hook names them; beside them it leaves lists of its own, whose names stay the same.
_HASHED = re.compile(r"vendor/.+\.[0-9a-f]{12}\.\w+")


class CachedStaticFiles(StaticFiles):
    """Starlette's static files with a Cache-Control header."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; kept for ever when its address tells its version."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = FOREVER if _is_versioned(path, scope["query_string"]) else SHORT
        return response


def _is_versioned(path: str, query: bytes) -> bool:
    if path.startswith("vendor/"):
        return _HASHED.fullmatch(path) is not None
    return query.startswith(b"v=")
