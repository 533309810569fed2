"""The pages everyone sees, with and without articles."""

import httpx


async def test_a_resident_finds_and_reads_an_answer(kennisbank: None, client: httpx.AsyncClient) -> None:
    found = await client.get("/antwoorden", params={"q": "pas kwijt"})
    assert "Paspoort kwijt of gestolen" in found.text
    answer = await client.get("/antwoorden/paspoort-aanvragen")
    assert answer.status_code == 200
    assert "€\u00a086,85" in answer.text
    assert "geheimtoestel" not in answer.text
