"""`/rapport/telefoon/gesprekken`: behind every figure of the phone report stand the calls it was counted from."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.contacts.log.kinds import CallLink, Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.models import Contact, Question
from kcc.service_levels.cases.calls import spans
from tests.service_levels.listed import in_file, listed
from tests.service_levels.phone.conftest import Phone, abandoned, answered

PAGE = "/rapport/telefoon"
LIST = f"{PAGE}/gesprekken"
TUESDAY = 1_795_507_200  # 24 November 2026, 9.00 in Amsterdam
DAYS = {"van": "2026-11-01", "tot": "2026-11-30"}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
async def lead(phone: Phone, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


def every_end() -> list[str]:
    """Two weeks of calls in two queues that end in every way, at the edges of the threshold too."""
    lines: list[str] = []
    for number in range(42):
        at = TUESDAY - number % 2 * 7 * 86_400 + number * 400
        queue = ("algemeen", "belastingen")[number % 3 == 0]
        match number % 7:
            case 0 | 1 | 2:
                lines += answered(at, number, (5, 30, 31)[number % 7], queue=queue)
            case 3:
                lines += answered(at, number, 40, queue=queue, end="BLINDTRANSFER|0612345678|van|40|40|1")
            case 4:
                lines += abandoned(at, number, 5, queue=queue)
            case 5:
                lines += abandoned(at, number, 31, queue=queue)
            case 6:
                lines += abandoned(at, number, 90, queue=queue, how="EXITWITHTIMEOUT|1|1")
    return sorted(lines, key=lambda line: int(line.split("|", 1)[0]))


def numbers_in(text: str) -> list[int]:
    return [int(word) for word in text.replace("(", " ").split() if word.isdigit()]


async def test_every_figure_opens_the_calls_it_was_counted_from(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*every_end())
    shown = BeautifulSoup((await lead.get(PAGE, params=DAYS)).text, "html.parser")
    counted = 0
    for fact in shown.select("dl.kcc-facts div"):
        link = fact.select_one(f"a[href^='{LIST}']")
        expected = numbers_in(fact.dd.text)  # type: ignore[union-attr]
        if fact.dt.text in ("Gemiddeld gewacht", "Gemiddelde duur"):  # type: ignore[union-attr]
            expected = [24]  # all that were answered
        if fact.dt.text == "Doorverbonden":  # type: ignore[union-attr]
            expected = [6]
        if expected[0] == 0:
            assert link is None
            continue
        assert link is not None, fact
        assert (await listed(lead, str(link["href"])))[0] == expected[0], fact
        counted += 1
    assert counted == 9
    heads = [head.text for head in shown.select("table.kcc-days thead th")]
    for row in shown.select("table.kcc-days tbody tr"):
        cells = dict(zip(heads, row.select("th, td"), strict=True))
        behind = {name: cells[name].select_one("a") for name in heads[1:] if name != "Norm"}
        for name, link in behind.items():
            expected = {
                "Op tijd": numbers_in(cells["Aangeboden"].text),
                "Gemiddeld gewacht": numbers_in(cells["Opgenomen"].text),
                "Gemiddelde duur": numbers_in(cells["Opgenomen"].text),
            }.get(name, numbers_in(cells[name].text))
            number = (await listed(lead, str(link["href"])))[0] if link else 0
            assert [number] == expected, (name, row)
    squares = shown.select("table.kcc-week td a")
    assert len(squares) > 5
    for square in squares:
        told = numbers_in(str(square["aria-label"]))
        assert (await listed(lead, str(square["href"])))[0] == told[-1]


async def test_a_call_of_which_a_contact_was_logged(lead: httpx.AsyncClient, phone: Phone, kennisbank: None) -> None:
    await phone.log(*answered(TUESDAY, 1, 12), *answered(TUESDAY + 60, 2, 50))
    at = datetime.fromtimestamp(TUESDAY + 12, UTC)
    async with phone.database.writing() as session:
        session.add(
            Contact(
                id=1007, agent="anna", channel=Channel.PHONE, call=1, call_link=CallLink.FOUND,
                requester=RequesterKind.RESIDENT, name="Niet Tonen", started_at=at, finished_at=at, is_open=False,
            )
        )  # fmt: skip
        await session.flush()
        session.add(
            Question(
                contact=1007, contact_is_open=False, position=1, topic="paspoort", outcome=Outcome.RESOLVED,
                source=Source.OWN_KNOWLEDGE, note="niet tonen", asked_at=at, closed_at=at,
            )
        )  # fmt: skip
    _, shown = await listed(lead, f"{LIST}?van=2026-11-24&tot=2026-11-24")
    late, first = ([cell.text for cell in row.select("th, td")] for row in shown.select("tbody tr"))
    assert late[2:6] == ["Opgenomen", "50", "60", "nee"]
    assert first[6].endswith("Paspoort: opgelost")
    assert shown.select_one("tbody a")["href"] == "/werk/contacten?nummer=1007"  # type: ignore[index]
    for secret in ("anna", "Niet Tonen", "niet tonen", "0612345678", "SIP/1"):
        assert secret not in str(shown.select_one("tbody"))


async def test_the_list_to_download_is_the_list(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*every_end())
    number, shown = await listed(lead, f"{LIST}?van=2026-11-01&tot=2026-11-30&uitkomst=abandoned")
    address = shown.select_one("a[href*='gesprekken.csv']")["href"]  # type: ignore[index]
    rows = await in_file(lead, str(address).replace(".csv", ""))
    assert len(rows) == number
    assert {row[2] for row in rows} == {"Opgehangen"}


async def test_a_long_list_is_paged(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*(line for number in range(51) for line in answered(TUESDAY + number, number, 5)))
    number, shown = await listed(lead, f"{LIST}?van=2026-11-24&tot=2026-11-24")
    assert number == 51
    older = await lead.get(str(shown.select_one("a[rel=next]")["href"]))  # type: ignore[index]
    assert len(BeautifulSoup(older.text, "html.parser").select("tbody tr")) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"wachtrij": "nergens"}, "wachtrij"),
        ({"van": "2026-11-24", "tot": "2026-11-01"}, "tot"),
        ({"uitkomst": "weg"}, "uitkomst"),
        ({"norm": "0"}, "norm"),
        ({"weekdag": "7"}, "weekdag"),
        ({"kwartier": "96"}, "kwartier"),
    ],
)
async def test_what_cannot_be_chosen(lead: httpx.AsyncClient, query: dict[str, str], field: str) -> None:
    answer = await lead.get(LIST, params=query)
    assert answer.status_code == 400
    assert BeautifulSoup(answer.text, "html.parser").select(f"#fouten a[href='#v-{field}']")
    assert (await lead.get(f"{LIST}.csv", params=query)).status_code == 400


def test_a_quarter_that_the_clock_tells_twice_or_never() -> None:
    back, forward = date(2026, 10, 25), date(2026, 3, 29)
    assert len(list(spans(back, back, AMSTERDAM, 6, 9))) == 2
    assert list(spans(forward, forward, AMSTERDAM, 6, 9)) == []
    assert list(spans(back, back, AMSTERDAM, 0, None)) == []
