"""Import of official questions in the Rijksoverheid FAQ format."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from kcc.knowledge.indexing import rebuild
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.knowledge.conftest import BringIn

WriteLines = Callable[..., Path]


def question(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"0000-{number}",
        "type": "vraag en antwoord",
        "question": f"Wat is vraag {number}?",
        "introduction": f"<p>Antwoord {number} in &eacute;&eacute;n zin. En nog een.</p>",
        "content": [{"paragraphtitle": "Zo werkt het", "paragraph": "<p>Eerst dit.</p><ul><li>dan dat</li></ul>"}],
        "subjects": ["Paspoort"],
        "lastmodified": "2026-01-01T00:00:00Z",
    } | fields


@pytest.fixture
def write_lines(tmp_path: Path) -> WriteLines:
    """Write these questions, or raw lines, to a file."""

    def write_lines(*lines: dict[str, Any] | bytes) -> Path:
        path = tmp_path / "vragen.jsonl"
        path.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
        return path

    return write_lines


async def test_questions_are_public_articles_with_their_own_id(
    bring_in: BringIn, write_lines: WriteLines, database: Database, settings: Settings, client: httpx.AsyncClient
) -> None:
    report = await bring_in(write_lines(question(1), question(2)))
    assert report.changed == ["created: wat-is-vraag-1", "created: wat-is-vraag-2"]
    article = (await client.get("/api/v1/articles/wat-is-vraag-1")).json()
    assert (article["sourceId"], article["title"]) == ("0000-1", "Wat is vraag 1?")
    assert (article["audience"], article["status"], article["synonyms"]) == ("public", "published", ["Paspoort"])
    assert article["shortAnswer"] == "Antwoord 1 in één zin. En nog een."
    assert article["body"] == "Antwoord 1 in één zin. En nog een.\n\n## Zo werkt het\n\nEerst dit.\n\n- dan dat"
    await rebuild(database, settings.index_dir)
    found = (await client.get("/api/v1/articles", params={"q": "wat is vraag 2"})).json()
    assert found["results"][0]["sourceId"] == "0000-2"


async def test_importing_questions_twice_changes_nothing(bring_in: BringIn, write_lines: WriteLines) -> None:
    path = write_lines(question(1), question(2))
    await bring_in(path)
    second = await bring_in(path)
    assert (second.changed, second.problems, second.outcomes["unchanged"]) == ([], [], 2)


async def test_a_changed_question_keeps_its_address(
    bring_in: BringIn, write_lines: WriteLines, client: httpx.AsyncClient
) -> None:
    await bring_in(write_lines(question(1)))
    report = await bring_in(write_lines(question(1, question="Hoe heet vraag 1 nu?")))
    assert report.changed == ["updated: hoe-heet-vraag-1-nu"]
    assert (await client.get("/api/v1/articles/wat-is-vraag-1")).json()["title"] == "Hoe heet vraag 1 nu?"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"id": "1"} {"id": "2"}', "not valid JSON"),
        (b"caf\xe9", "not UTF-8"),
        (question(1, id=""), "id and question"),
        (question(1, id=None), "id and question"),
        (question(1, id=7), "id and question"),
        (question(1, id="x" * 81), "id must be"),
        (question(1, id="a\u0000b"), "id must be"),
        (question(1, id="a\ud800b"), "id must be"),
        (question(1, question="  "), "id and question"),
        ({"id": "1", "question": "Alleen een vraag?"}, "no answer"),
        (question(1, introduction="<p> </p>", content="geen lijst"), "no answer"),
        (question(1, introduction=None, content=[7, {"paragraph": None}]), "no answer"),
        (question(1, question="Wat is \u0007?"), "title"),
        (question(1, question="Wat is \ud800?"), "title"),
        (question(1, introduction="a\u0000b"), "body"),
        (question(1, introduction="a\ud800b"), "no text"),
        (question(1, introduction="<div>" * 30_000), "nested too deeply"),
        (question(1, introduction=f"<p>{'lang ' * 5_000}</p>"), "body"),
        (question(1, introduction="x" * 10_000_000), "longer than"),
        (question(1, content=[{"paragraphtitle": "Alleen voor medewerkers", "paragraph": "x"}]), "internal"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_line_that_cannot_be_read_is_told_by_number_and_the_rest_is_in(
    bring_in: BringIn, write_lines: WriteLines, line: dict[str, Any] | bytes, said: str
) -> None:
    path = write_lines(question(8), b"", line, question(9))
    report = await bring_in(path)
    assert report.changed == ["created: wat-is-vraag-8", "created: wat-is-vraag-9"]
    assert len(report.problems) == 1
    assert report.problems[0].startswith(f"{path}:3: ")
    assert said in report.problems[0]


async def test_the_same_question_twice_gets_two_addresses(
    bring_in: BringIn, write_lines: WriteLines, client: httpx.AsyncClient
) -> None:
    path = write_lines(question(1, question="Zelfde vraag?"), question(2, question="Zelfde vraag!"))
    assert (await bring_in(path)).changed == ["created: zelfde-vraag", "created: zelfde-vraag-2"]
    assert (await bring_in(path)).changed == []
    assert (await client.get("/api/v1/articles/zelfde-vraag-2")).json()["sourceId"] == "0000-2"


async def test_a_question_named_as_an_article_of_ours_stands_beside_it(
    kennisbank: None, bring_in: BringIn, write_lines: WriteLines, client: httpx.AsyncClient
) -> None:
    path = write_lines(question(1, id="A/B 1", question="Grofvuil?"))
    report = await bring_in(path)
    assert report.problems == []
    slug = report.changed[0].removeprefix("created: ")
    assert slug == "grofvuil"
    assert (await bring_in(path)).changed == []
    assert (await client.get("/api/v1/articles/grofvuil")).json()["sourceId"] is None
    questions = (await client.get("/api/v1/articles", params={"topic": "rijksoverheid-vragen"})).json()["results"]
    assert [(row["sourceId"], row["slug"].startswith("grofvuil-")) for row in questions] == [("A/B 1", True)]


async def test_an_id_given_twice_is_told(bring_in: BringIn, write_lines: WriteLines) -> None:
    path = write_lines(question(1), question(2), question(1, question="Iets anders?"))
    report = await bring_in(path)
    assert report.problems == [f"{path}:3: id '0000-1' is already on line 1"]
    assert (await bring_in(path)).changed == []


async def test_html_and_braces_become_plain_markdown(
    bring_in: BringIn, write_lines: WriteLines, client: httpx.AsyncClient
) -> None:
    html = "<p>A &amp; B<script>alert(1)</script><style>p {}</style><img src=x> {{{kosten}}} <a href='https://x.example'>y</a></p>"
    row = question(
        1, question="Wat &amp; hoe {{kosten}}?", introduction=html, content=[], subjects=["A &amp; B", "", 3]
    )
    report = await bring_in(write_lines(row))
    assert report.problems == []
    article = (await client.get("/api/v1/articles/wat-hoe-kosten")).json()
    assert article["title"] == "Wat & hoe { {kosten}}?"
    assert article["body"] == "A & B { { {kosten}}} [y](https://x.example)"
    assert article["synonyms"] == ["A & B"]


async def test_a_long_answer_gets_a_short_one(
    bring_in: BringIn, write_lines: WriteLines, client: httpx.AsyncClient
) -> None:
    sentences = " ".join(f"Dit is zin nummer {number}." for number in range(50))
    await bring_in(write_lines(question(1, introduction=f"<p>{sentences}</p>"), question(2, introduction="x " * 400)))
    short = (await client.get("/api/v1/articles/wat-is-vraag-1")).json()["shortAnswer"]
    assert short.startswith("Dit is zin nummer 0.")
    assert (short.endswith("."), len(short) <= 320) == (True, True)
    cut = (await client.get("/api/v1/articles/wat-is-vraag-2")).json()["shortAnswer"]
    assert (cut.endswith("x…"), len(cut) <= 320) == (True, True)


async def test_a_question_without_letters_gets_an_address(bring_in: BringIn, write_lines: WriteLines) -> None:
    assert (await bring_in(write_lines(question(1, question="???")))).changed == ["created: vraag-1"]
