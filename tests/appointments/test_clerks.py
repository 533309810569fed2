"""What a counter clerk helps with: on the page, by the API, and in whom is called next."""

from typing import Any

import httpx
import pytest

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.appointments.conftest import Hall, place, problem, product
from tests.conftest import PASSWORD, browser_of

PAGE = "/beheer/baliemedewerkers"


@pytest.fixture
async def town(hall: Hall, database: Database, clock: Clock) -> None:
    """A town hall with two counter clerks, and somebody who is none."""
    await hall(product("paspoort"), product("rijbewijs"), place(counters=2, walk_ins=True))
    async with database.writing() as session:
        await put_account(session, "bea", "Bea", PASSWORD, [Role.COUNTER_CLERK], clock.now())
        await put_account(session, "ab", "Ab Balie", PASSWORD, [Role.COUNTER_CLERK, Role.AGENT], clock.now())
        await put_account(session, "els", "Els", PASSWORD, [Role.EDITOR], clock.now())


@pytest.fixture
async def api(town: None, with_token: Any) -> httpx.AsyncClient:
    """An administrator's token."""
    client: httpx.AsyncClient = await with_token(Role.ADMINISTRATOR)
    return client


@pytest.fixture
async def manager(town: None, sign_in: Any) -> httpx.AsyncClient:
    """An administrator at the screen."""
    client: httpx.AsyncClient = await sign_in(Role.ADMINISTRATOR)
    return client


async def put(api: httpx.AsyncClient, name: str, *products: str) -> httpx.Response:
    return await api.put(f"/api/v1/clerks/{name}/products", json={"products": list(products)})


async def test_the_clerks_and_what_they_help_with(api: httpx.AsyncClient) -> None:
    assert (await put(api, "bea", "rijbewijs", "paspoort")).json() == {
        "name": "bea",
        "displayName": "Bea",
        "products": ["paspoort", "rijbewijs"],
    }
    listed = (await api.get("/api/v1/clerks")).json()
    assert (listed["total"], listed["next"]) == (2, None)
    assert [(one["name"], one["products"]) for one in listed["results"]] == [
        ("ab", []),
        ("bea", ["paspoort", "rijbewijs"]),
    ]
    assert (await put(api, "BEA", "rijbewijs")).json()["products"] == ["rijbewijs"]
    assert (await put(api, "bea")).json()["products"] == []


async def test_who_has_the_same_name_on_the_screen_is_somebody_else(
    api: httpx.AsyncClient, database: Database, clock: Clock
) -> None:
    async with database.writing() as session:
        await put_account(session, "bea2", "Bea", PASSWORD, [Role.COUNTER_CLERK], clock.now())
    await put(api, "bea", "rijbewijs")
    listed = (await api.get("/api/v1/clerks")).json()["results"]
    assert {one["name"]: one["products"] for one in listed} == {"ab": [], "bea": ["rijbewijs"], "bea2": []}


async def test_what_is_refused(api: httpx.AsyncClient, with_token: Any) -> None:
    await put(api, "bea", "paspoort")
    assert problem(await put(api, "niemand")) == (404, "not-found")
    assert problem(await put(api, "els", "paspoort")) == (404, "not-found")
    unknown = await put(api, "bea", "paspoort", "niets")
    assert problem(unknown) == (409, "unknown-reference")
    assert unknown.json()["errors"][0]["location"] == {"pointer": "/products/1"}
    assert (await api.put("/api/v1/clerks/bea/products", json={})).status_code == 400
    assert (await api.get("/api/v1/clerks")).json()["results"][1]["products"] == ["paspoort"]
    assert (await put(await with_token(Role.TEAM_LEAD), "bea")).status_code == 403


async def test_a_clerk_is_only_sent_who_they_can_help(api: httpx.AsyncClient, app: Any, with_token: Any) -> None:
    await put(api, "bea", "rijbewijs")
    clerk = await with_token(Role.COUNTER_CLERK)
    for code in ("paspoort", "rijbewijs"):
        new = {"location": "stadhuis", "products": [{"code": code, "persons": 1}]}
        assert (await clerk.post("/api/v1/visits", json=new)).status_code == 201
    async with browser_of(app) as bea:
        assert (await bea.post("/inloggen", data={"name": "bea", "password": PASSWORD})).status_code == 303
        opened = await bea.post("/balie/stadhuis", data={"do": "open", "counter": "stadhuis-1"})
        assert opened.status_code == 303
        called = await bea.post("/balie/stadhuis", data={"do": "next", "counter": "stadhuis-1"})
        assert called.status_code == 303
    visits = (await clerk.get("/api/v1/visits", params={"location": "stadhuis"})).json()["results"]
    assert [(visit["products"][0]["code"], visit["state"]) for visit in visits] == [
        ("paspoort", "waiting"),
        ("rijbewijs", "called"),
    ]


async def test_a_product_that_a_clerk_names_is_not_removed(api: httpx.AsyncClient) -> None:
    await put(api, "bea", "rijbewijs")
    refused = await api.delete("/api/v1/products/rijbewijs")
    assert problem(refused) == (409, "in-use")
    assert "bea" in refused.json()["detail"]
    await put(api, "bea")
    assert (await api.delete("/api/v1/products/rijbewijs")).status_code == 200


async def address_of(manager: httpx.AsyncClient, name: str) -> str:
    page = (await manager.get(PAGE)).text
    return PAGE + page.partition(f'">{name}</a>')[0].rpartition(PAGE)[2]


async def test_the_page_lists_them_and_saves(manager: httpx.AsyncClient) -> None:
    page = (await manager.get(PAGE)).text
    assert ">Els<" not in page
    assert page.count(">alles</td>") == 2
    address = await address_of(manager, "Bea")
    form = (await manager.get(address)).text
    assert '<option value="alles" selected>' in form
    saved = await manager.post(address, data={"helps": "gekozen", "products[]": ["rijbewijs"]})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PAGE}?gelukt=opgeslagen")
    page = (await manager.get(saved.headers["location"])).text
    assert "Opgeslagen" in page
    assert ">Rijbewijs</td>" in page
    form = (await manager.get(address)).text
    assert '<option value="gekozen" selected>' in form
    assert 'value="rijbewijs" checked' in form
    assert (await manager.post(address, data={"helps": "alles"})).status_code == 303
    assert (await manager.get(PAGE)).text.count(">alles</td>") == 2


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"helps": "gekozen"}, 400, "Deze producten: Kies ten minste één product, of kies hierboven ‘alles’"),
        ({"products[]": ["rijbewijs"]}, 400, "Helpt bij: Kies er een"),
        ({"helps": "alles", "products[]": ["rijbewijs"]}, 400, "er staan ook producten aangevinkt. Wat bedoelt u?"),
        ({"helps": "gekozen", "products[]": ["rijbewijs", "niets"]}, 409, "Deze producten: Product niets bestaat niet"),
    ],
)
async def test_what_is_wrong_is_told_beside_it_and_kept(
    manager: httpx.AsyncClient, sent: dict[str, Any], status: int, said: str
) -> None:
    address = await address_of(manager, "Bea")
    await manager.post(address, data={"helps": "gekozen", "products[]": ["paspoort"]})
    answer = await manager.post(address, data=sent)
    assert answer.status_code == status
    assert (await manager.get(PAGE)).text.count(">Paspoort</td>") == 1  # nothing is changed
    assert said in answer.text
    assert ('value="rijbewijs" checked' in answer.text) == ("products[]" in sent)


async def test_nobody_with_that_number(manager: httpx.AsyncClient) -> None:
    assert (await manager.get(f"{PAGE}/999999")).status_code == 404
    assert (await manager.post(f"{PAGE}/999999", data={"helps": "alles"})).status_code == 404
