"""Static files: addresses carry a content hash, so browsers may keep them for ever."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOREVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"


class CachedStaticFiles(StaticFiles):
    """Starlette's static files with a Cache-Control header."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; kept for ever when its address tells its version."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=") or path.startswith("vendor/")
        response.headers["cache-control"] = FOREVER if versioned else SHORT
        return response
