"""Tables to download: what a program or a spreadsheet reads is what was in the table."""

import csv
import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from kcc.web.sheets import Format, Sheet, download

SHEET = Sheet(
    "telefoon-per-kwartier",
    ["Van", "Dag", "Wachtrij", "Percentage", "Gesprekken"],
    [
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), date(2026, 11, 24), "algemeen", 66.4, 12),
        (datetime(2026, 11, 24, 8, 15, tzinfo=UTC), date(2026, 11, 24), '=HYPERLINK("x")', None, 0),
    ],
    ["Opgenomen binnen 30 seconden, gedeeld door opgenomen plus opgehangen."],
    ZoneInfo("Europe/Amsterdam"),
)


def test_csv_for_programs() -> None:
    answer = download(SHEET, Format.CSV)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="telefoon-per-kwartier.csv"'
    assert list(csv.reader(io.StringIO(bytes(answer.body).decode()))) == [
        ["Van", "Dag", "Wachtrij", "Percentage", "Gesprekken"],
        ["2026-11-24T09:00:00+01:00", "2026-11-24", "algemeen", "66.4", "12"],
        ["2026-11-24T09:15:00+01:00", "2026-11-24", '\'=HYPERLINK("x")', "", "0"],
    ]


def test_xlsx_for_people() -> None:
    answer = download(SHEET, Format.XLSX)
    book = load_workbook(io.BytesIO(bytes(answer.body)))
    table, about = book.worksheets
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["Van", "Dag", "Wachtrij", "Percentage", "Gesprekken"],
        [datetime(2026, 11, 24, 9, 0), datetime(2026, 11, 24), "algemeen", 66.4, 12],
        [datetime(2026, 11, 24, 9, 15), datetime(2026, 11, 24), '=HYPERLINK("x")', None, 0],
    ]
    assert table["C3"].data_type == "s"  # text, not a formula
    assert about["A1"].value == SHEET.notes[0]
