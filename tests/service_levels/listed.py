"""Lists of cases as a team lead reads them: how many there are."""

import csv
import io

import httpx
from bs4 import BeautifulSoup

AT_ONCE = 50


async def listed(client: httpx.AsyncClient, address: str) -> tuple[int, BeautifulSoup]:
    """How many cases the list says there are, and its page; it has as many rows, up to those of one page.

    The file of the same address has them all.
    """
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    shown = BeautifulSoup(answer.text, "html.parser")
    number = int(shown.select_one(".kcc-sub").text.split("·")[1].split()[0].replace(".", ""))  # type: ignore[union-attr]
    assert len(shown.select("tbody tr")) == min(number, AT_ONCE)
    return number, shown


async def in_file(client: httpx.AsyncClient, address: str) -> list[list[str]]:
    """The rows of the file with the whole list."""
    answer = await client.get(address.replace("?", ".csv?", 1))
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def whole(text: str) -> int:
    """The number that a figure shows first."""
    return int(text.split(maxsplit=1)[0].replace(".", ""))
