"""The page on the star schema names every table and column, and no other."""

import re
from pathlib import Path

from kcc.service_levels.export.exporting import described

PAGE = Path(__file__).parent.parent.parent / "docs" / "data-team" / "star-schema.md"


def test_every_column_is_described() -> None:
    sections = re.split(r"^## `(\w+)`$", PAGE.read_text(), flags=re.MULTILINE)[1:]
    told = {
        table: re.findall(r"^\| `(\w+)` \| (\w+) \|", text, flags=re.MULTILINE)
        for table, text in zip(sections[::2], sections[1::2], strict=True)
    }
    assert told == {name: [(column.name, str(column.kind)) for column in columns] for name, _, columns in described()}
