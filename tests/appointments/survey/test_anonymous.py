"""Whoever may read every table cannot tell whose answer is whose."""

from datetime import date
from typing import Any

import httpx
from sqlalchemy import Date, DateTime
from sqlmodel import SQLModel

from kcc import tables
from kcc.appointments.survey.answering import REMARKS_FROM, Opinion, answer_at_kiosk, remarks
from kcc.storage.database import Database
from tests.appointments.conftest import DAY
from tests.appointments.survey.conftest import Town, link_in

SURVEY = ("survey_answer", "survey_count", "survey_invitation")
STARTS = ("9:20", "9:30", "9:40", "9:50", "10:00", "10:10")


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    assert tables.survey
    async with database.reading() as session:
        return {
            table.name: [dict(row._mapping) for row in (await session.exec(table.select())).all()]  # type: ignore[call-overload]
            for table in SQLModel.metadata.sorted_tables
        }


def test_the_tables_refer_to_nothing_and_know_no_time() -> None:
    for name in SURVEY:
        table = SQLModel.metadata.tables[name]
        assert not table.foreign_keys
        assert not any(isinstance(column.type, DateTime) for column in table.columns)
        assert sum(isinstance(column.type, Date) for column in table.columns) == 1
    assert not any(
        key.column.table.name in SURVEY for table in SQLModel.metadata.tables.values() for key in table.foreign_keys
    )


async def test_nothing_anywhere_links_an_answer_or_a_link_to_a_visit(
    town: Town, client: httpx.AsyncClient, database: Database
) -> None:
    for number, start in enumerate(STARTS):
        await town.served(start, name=f"Bezoeker {'abcdef'[number]}", email=f"bezoeker-{number}@voorbeeld.example")
    links = [link_in(message) for message in await town.mail()]
    assert len(links) == len(STARTS)
    for link in links[1:]:
        await client.post(link, data={"score": "4"})
    found = await everything(database)
    rows = {name: found[name] for name in SURVEY}
    assert [len(rows[name]) for name in SURVEY] == [len(STARTS) - 1, 2, len(STARTS)]
    # Apart from its key an answer is as all others are; and so is an invitation but for being used.
    for name, kinds in (("survey_answer", 1), ("survey_invitation", 2)):
        assert len({str(row | {"key": ""}) for row in rows[name]}) == kinds
    secrets = [link.rpartition("/")[2] for link in links]
    secrets += [row["key"] for name in ("survey_answer", "survey_invitation") for row in rows[name]]
    assert len(set(secrets)) == len(secrets)
    dump = {f"{name} {number}": str(row) for name, kept in found.items() for number, row in enumerate(kept)}
    for secret in secrets:
        assert sum(secret in row for row in dump.values()) == (0 if secret in secrets[: len(links)] else 1)
    assert [row["payload"] for row in found["outbox_entry"] if row["topic"] == "survey"] == [{}] * len(STARTS)


async def test_the_order_in_which_sqlite_keeps_rows_is_that_of_their_keys(
    town: Town, client: httpx.AsyncClient, database: Database
) -> None:
    for start in STARTS:
        await client.post(await town.link(start), data={"score": "4"})
        town.moment.move(minutes=-60)
    found = await everything(database)
    if database.engine.dialect.name == "sqlite":
        for name in ("survey_answer", "survey_invitation"):
            keys = [row["key"] for row in found[name]]
            assert keys == sorted(keys)
    assert len(found["survey_answer"]) == len(STARTS)


async def test_remarks_are_read_only_when_enough_answered(
    town: Town, client: httpx.AsyncClient, database: Database
) -> None:
    async def read(first: date = DAY, location: str | None = None, product: str | None = None) -> list[tuple[int, str]]:
        async with database.reading() as session:
            return list(await remarks(session, first, DAY, location, product))

    for number in range(REMARKS_FROM):  # a press at the kiosk comes without a remark: it hides nobody
        async with database.writing() as session:
            await answer_at_kiosk(session, "geheim", f"bladzijde-{number}", "stadhuis", Opinion(3), DAY)

    for number, start in enumerate(STARTS[:REMARKS_FROM]):
        assert await read() == []
        await client.post(await town.link(start), data={"score": str(5 - number), "remark": "" if number else "Fijn"})
        town.moment.move(minutes=-60)
    assert await read() == [(5, "Fijn")]
    assert await read(location="stadhuis") == [(5, "Fijn")]
    assert await read(location="elders") == []
    assert await read(product="paspoort") == [(5, "Fijn")]
    assert await read(product="rijbewijs") == []
