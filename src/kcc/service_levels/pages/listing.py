"""A list of cases behind a figure: shown a page at a time, or downloaded as a whole; the newest first."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from kcc.errors import DomainError, InvalidInput
from kcc.service_levels import words
from kcc.service_levels.pages.chosen import Filters
from kcc.web import forms
from kcc.web.dates import moment_short
from kcc.web.forms import Input
from kcc.web.routing import Route
from kcc.web.sheets import Cell, Format, Sheet, download
from kcc.web.templating import render

AT_ONCE, MOST = 50, 50_000
_LONGEST_OFFSET = 7


@dataclass(frozen=True)
class Listing:
    """Cases in a sheet: those that the request asks for (`window`), of `total`. `noun` is one case, and more of them.

    `contacts` is the column with the numbers of contacts, which are links; `back` is (address, label) of the report.
    """

    address: str
    title: str
    period: str
    noun: tuple[str, str]
    back: tuple[str, str]
    filters: Filters
    sheet: Sheet
    total: int
    contacts: int | None = None


class _OfDays(Protocol):
    """What is asked for, of days."""

    @property
    def first(self) -> date:
        """The first of them."""

    @property
    def last(self) -> date:
        """The last of them."""


Asked = TypeVar("Asked", bound=_OfDays)


def choose(
    inputs: Sequence[Input], sent: FormData, usual: Asked, read: Callable[[Mapping[str, Any]], Asked]
) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    asked, errors = usual, dict[str, str]()
    try:
        asked = read(forms.body(inputs, sent))
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    values = forms.shown(inputs, sent)
    days = {"van": asked.first.isoformat(), "tot": asked.last.isoformat()}
    return asked, Filters(inputs, {**values, **{name: values[name] or day for name, day in days.items()}}, errors)


def is_download(request: Request[Any]) -> bool:
    """Whether all is asked for, as a file."""
    return request.url.path.endswith(tuple(f".{how}" for how in Format))


def window(request: Request[Any]) -> tuple[int, int]:
    """(how many at most, after how many) are asked for."""
    if is_download(request):
        return MOST, 0
    text = request.query_params.get("vanaf", "")
    return AT_ONCE, int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_OFFSET else 0


def answer(request: Request[Any], listing: Listing) -> Response:
    """The page or the file. Raises InvalidInput for a file of what cannot be chosen."""
    filters, sheet = listing.filters, listing.sheet
    if is_download(request):
        return file(request, sheet, filters)
    chosen = {name: value for name, value in filters.values.items() if value}
    _, offset = window(request)
    context = {
        "listing": listing,
        "heads": list(zip(sheet.heads, _classes(sheet), strict=True)),
        "rows": [
            [
                str(cell or "") if index == listing.contacts else shown(cell, sheet.zone)
                for index, cell in enumerate(row)
            ]
            for row in sheet.rows
        ],
        "count": words.people(listing.total, *listing.noun),
        "chosen": urlencode(chosen),
        "previous": _page(listing, chosen, offset - AT_ONCE) if offset else None,
        "next": _page(listing, chosen, offset + AT_ONCE) if offset + AT_ONCE < listing.total else None,
    }
    return render(request, "service_levels/listing.html", context, status=400 if filters.errors else 200)


def table_of(request: Request[Any], tables: Collection[str]) -> str:
    """Which of the tables of a page is asked for (`tabel`), the first when none is. Raises InvalidInput."""
    table = request.query_params.get("tabel", next(iter(tables)))
    if table not in tables:
        raise InvalidInput(f"tabel: kies {', '.join(tables)}")
    return table


def file(request: Request[Any], sheet: Sheet, filters: Filters) -> Response:
    """The sheet in the format that the address ends in. Raises InvalidInput for what cannot be chosen."""
    if filters.errors:
        raise InvalidInput("; ".join(f"{name}: {detail}" for name, detail in filters.errors.items()))
    return download(sheet, Format(request.url.path.rpartition(".")[2]))


def _classes(sheet: Sheet) -> list[str]:
    """How each column stands on the page: numbers to the right, moments on one line."""
    columns = [{type(row[index]) for row in sheet.rows} for index in range(len(sheet.heads))]
    return ["kcc-num" if kinds & {int, float} else "kcc-nowrap" if datetime in kinds else "" for kinds in columns]


def shown(cell: Cell, zone: ZoneInfo) -> str:
    """A cell as it stands on a page."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, datetime):
        return moment_short(cell.astimezone(zone)).removesuffix(" uur")
    return words.whole(cell) if isinstance(cell, int) else str(cell)


def cut_off(total: int) -> list[str]:
    """That a file does not hold everything, in words; nothing when it does."""
    return [f"In het bestand staan de nieuwste {MOST} van {total}."] if total > MOST else []


def _page(listing: Listing, chosen: Mapping[str, Any], offset: int) -> str:
    first = {"vanaf": offset} if offset > 0 else {}
    return f"{listing.address}?{urlencode({**chosen, **first})}"


def routes(address: str, endpoint: Callable[..., Awaitable[Response]]) -> Sequence[Route]:
    """A page and its files, answered by one endpoint."""
    return [Route(address, endpoint), *(Route(f"{address}.{how}", endpoint) for how in Format)]
