"""The catalogue's files: what they mean, and that ours are right."""

from pathlib import Path

import pytest

from kcc.catalogue.content import CatalogueError, read_fees, read_topics, read_upl
from kcc.demo import content_folder

FEE = '[nieuw]\nlabel = "Nieuw"\nkind = "{kind}"\nvalues = [{{ from = 2026-01-01, value = "{value}" }}]\n'
TOPICS = """
departments = [{ code = "a", name = "Afdeling A" }, { code = "b", name = "Afdeling B" }]

[[groups]]
code = "groep"
name = "Groep"
department = "a"
countsForFirstContact = false
topics = [{ code = "een", name = "Een" }, { code = "twee", name = "Twee", department = "b" }]

[[groups]]
code = "andere"
name = "Andere"
department = "b"
topics = []
"""


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_our_own_files_are_right() -> None:
    topics = read_topics(content_folder() / "topics.toml")
    fees, wrong_fees = read_fees(content_folder() / "tarieven.toml")
    names, wrong_names = read_upl(content_folder() / "upl.csv")
    assert (wrong_fees, wrong_names) == ([], [])
    assert len(topics.topics) > 50
    assert len(fees) > 30
    assert len(names) > 100
    assert len({name.name for name in names}) == len(names)
    assert any(not topic.counts_for_first_contact for topic in topics.topics)


def test_a_topic_has_what_its_group_has_unless_it_says_otherwise(tmp_path: Path) -> None:
    found = read_topics(_file(tmp_path, "topics.toml", TOPICS)).topics
    assert [(topic.code, topic.parent, topic.department, topic.counts_for_first_contact) for topic in found] == [
        ("groep", None, "a", False),
        ("een", "groep", "a", False),
        ("twee", "groep", "b", False),
        ("andere", None, "b", True),
    ]
    assert [topic.position for topic in found] == [1, 2, 3, 4]


@pytest.mark.parametrize("value", ["0", "86.85", "5.5", "1234567.00"])
def test_an_amount_is_euros_with_a_decimal_point(tmp_path: Path, value: str) -> None:
    ((fee, values),), problems = read_fees(_file(tmp_path, "tarieven.toml", FEE.format(kind="money", value=value)))
    assert (fee.code, [item.value for item in values], problems) == ("nieuw", [value], [])


@pytest.mark.parametrize(
    "value", ["86,85", "€ 86.85", "86.855", "1_000", "1e3", "1e999999", "Infinity", "NaN", "-1", "+1", " 1", ".5", "٣"]
)
def test_anything_else_is_no_amount_and_is_refused_with_its_place(tmp_path: Path, value: str) -> None:
    path = _file(tmp_path, "tarieven.toml", "# eerste regel\n" + FEE.format(kind="money", value=value))
    fees, problems = read_fees(path)
    assert fees == []
    assert problems == [f"{path}:2: [nieuw] '{value}' is no amount in euros, e.g. 86.85"]


def test_text_may_be_anything_on_one_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "tarieven.toml", FEE.format(kind="text", value="5 werkdagen, € 1,50 per dag"))
    ((_, values),), problems = read_fees(path)
    assert ([value.value for value in values], problems) == (["5 werkdagen, € 1,50 per dag"], [])


def test_a_name_with_a_comma_is_one_name(tmp_path: Path) -> None:
    path = _file(tmp_path, "upl.csv", '# bron\nname,uri\n"hond, aangifte",http://x.example/hond\n')
    names, problems = read_upl(path)
    assert ([(name.name, name.uri) for name in names], problems) == ([("hond, aangifte", "http://x.example/hond")], [])


@pytest.mark.parametrize(("name", "read"), [("topics.toml", read_topics), ("upl.csv", read_upl)])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str, read: object) -> None:
    assert callable(read)
    with pytest.raises(CatalogueError, match=name):
        read(tmp_path / name)
