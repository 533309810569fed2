"""Whatever stands in an address: a clear answer from every route, never a crash."""

import re
from collections.abc import Awaitable, Callable

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from kcc.access.roles import Role

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
SEGMENTS = [
    "%00",
    "%ff",
    "%ED%A0%80",
    "%F0%9F%98%80",
    "a%2Fb",
    "..%2f..",
    "%3Fq",
    "x" * 4000,
    "' OR 1=1 --",
    "%0d%0aX: y",
    "-1",
]
PARAMETER = re.compile(r"\{[^}]+\}")
NUMBERS = ["0", "9" * 10, "9" * 30]
QUERIES = [
    "q=%00", "q=%ED%A0%80", "q=" + "paspoort+" * 900, "q=%22AND+OR+NOT%22*%3F", "q[]=1&q=2", "=", "&&&", "%", "q=%",
    "topic=%00&language=nl", "artikel=%ff", "artikel=bestaat-niet&q=pas", "offset=9999999999999999999", "lang=xx",
]  # fmt: skip


async def test_every_route_answers_hostile_addresses(
    kennisbank: None, app: Starlette, sign_in: SignIn, with_token: SignIn
) -> None:
    pages, api = await sign_in(Role.ADMINISTRATOR), await with_token(Role.ADMINISTRATOR)
    for route in app.routes:
        if not isinstance(route, Route) or route.path == "/uitloggen":
            continue
        client = api if route.path.startswith("/api/") else pages
        if "{" in route.path:
            filler = NUMBERS if ":int" in route.path else SEGMENTS
            addresses = [PARAMETER.sub(lambda _, segment=segment: segment, route.path) for segment in filler]
        else:
            addresses = [f"{route.path}?{query}" for query in QUERIES]
        for method in (route.methods or set()) - {"HEAD"}:  # which does what GET does
            for address in addresses:
                response = await client.request(method, httpx.URL("http://kcc.test", raw_path=address.encode()))
                assert response.status_code < 500, (method, address[:80])


async def test_a_question_in_control_characters_is_answered(kennisbank: None, client: httpx.AsyncClient) -> None:
    response = await client.get("/antwoorden", params={"q": "\u202epas\u0007 kwijt\ufeff"})
    assert response.status_code == 200
