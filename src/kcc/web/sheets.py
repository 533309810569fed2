"""A table to download: as CSV for programs, as XLSX for people. Numbers stay numbers, not rounded."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from starlette.responses import Response

Cell = str | int | float | date | datetime | None
# What a spreadsheet program takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_WIDE = 40


class Format(StrEnum):
    """How a table is downloaded."""

    CSV = "csv"
    XLSX = "xlsx"


_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a line above each column. `notes` say what its figures mean; instants are shown in `zone`."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str]
    zone: ZoneInfo


def download(sheet: Sheet, how: Format) -> Response:
    """The answer with the file: the browser keeps it under the sheet's name."""
    content = as_csv(sheet) if how is Format.CSV else as_xlsx(sheet)
    headers = {"Content-Disposition": f'attachment; filename="{sheet.name}.{how}"', "Cache-Control": "no-store"}
    return Response(content, media_type=_TYPES[how], headers=headers)


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with commas; dates and local times as ISO 8601. No notes: a program reads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.heads)
    writer.writerows([_text(cell, sheet.zone) for cell in row] for row in sheet.rows)
    return text.getvalue().encode()


def _text(cell: Cell, zone: ZoneInfo) -> str | int | float | None:
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return "'" + cell
    return cell


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook with the table, and what its figures mean on a second page."""
    from xlsxwriter import Workbook  # not at the start of every process

    memory = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "d-m-yyyy",
    }
    with Workbook(memory, options) as book:
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy hh:mm"})
        page = book.add_worksheet(sheet.name[:31])
        page.freeze_panes(1, 0)
        page.write_row(0, 0, sheet.heads, bold)
        for number, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(number, column, cell.astimezone(sheet.zone).replace(tzinfo=None), moment)
                else:
                    page.write(number, column, cell)
        for column, head in enumerate(sheet.heads):
            widest = max((len(str(row[column])) for row in sheet.rows), default=0)
            page.set_column(column, column, min(_MOST_WIDE, max(len(head), widest) + 2))
        about = book.add_worksheet("Toelichting")
        about.set_column(0, 0, 100)
        about.write_column(0, 0, sheet.notes)
    return memory.getvalue()
