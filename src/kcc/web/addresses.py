"""The address of the page that is being asked for, to link to it or to come back to it; and of who asks."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request


def own_path(request: Request[Any]) -> str:
    r"""The path, fit for a link. Not from `request.url`, which is put together with whatever the Host header says.

    Never `//elsewhere` or `/\elsewhere`: as a link those lead to another site.
    """
    return "/" + quote(request.scope["path"].lstrip("/"))


def client_address(request: Request[Any]) -> str:
    """The network address of who asks, to count by; kept nowhere."""
    return request.client.host if request.client else "?"


def own_address(request: Request[Any]) -> str:
    """The path with its query."""
    query = request.scope["query_string"].decode("latin-1")
    return own_path(request) + ("?" + query if query else "")
