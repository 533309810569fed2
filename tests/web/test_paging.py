"""Pages of a list."""

from starlette.requests import Request

from kcc.web.paging import OFFSET_MAX, next_page


def following(limit: int, offset: int, total: int, query: str = "") -> str | None:
    scope = {"type": "http", "path": "/api/v1/articles", "query_string": query.encode(), "headers": []}
    return next_page(Request(scope), limit, offset, total)


def test_the_last_page_has_no_next() -> None:
    assert following(10, 0, 10) is None
    assert following(10, 0, 0) is None
    assert following(10, 0, 11) == "/api/v1/articles?offset=10"


def test_other_parameters_are_kept() -> None:
    query = "q=a%26b&offset=10&topic=x"
    assert following(10, 10, 100, query) == "/api/v1/articles?q=a%26b&topic=x&offset=20"


def test_next_never_leads_past_what_may_be_asked() -> None:
    assert following(100, OFFSET_MAX - 100, 10**6) == f"/api/v1/articles?offset={OFFSET_MAX}"
    assert following(100, OFFSET_MAX - 99, 10**6) is None
