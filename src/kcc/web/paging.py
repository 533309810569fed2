"""Pages of a list: `limit` and `offset`, and the address of the next one."""

from typing import Any
from urllib.parse import urlencode

from pydantic import Field
from starlette.requests import Request

from kcc.web.addresses import own_path
from kcc.web.requests import Wire

OFFSET_MAX = 10_000


class Page(Wire):
    """Which part of a list."""

    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=OFFSET_MAX)


def next_page(request: Request[Any], limit: int, offset: int, total: int) -> str | None:
    """The address of the page after this one; None on the last, and where no page begins any more."""
    if offset + limit >= total or offset + limit > OFFSET_MAX:
        return None
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "offset"]
    return f"{own_path(request)}?{urlencode([*kept, ('offset', str(offset + limit))])}"
