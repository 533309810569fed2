"""A phone day as queue_log lines, and what the database makes of it."""

import random
from typing import Any

from sqlmodel import select

from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.models import Call, CallEvent
from kcc.storage.database import Database

T = 1_795_507_200
KEYS = Keys("s" * 40)


def day(calls: int, seed: int = 1) -> list[str]:
    """Lines in order of time: calls that go every way, some in two queues, some of which the end was lost."""
    chance = random.Random(seed)
    lines: list[tuple[int, str]] = [(T, "NONE|NONE|NONE|QUEUESTART|")]
    for number in range(calls):
        at = T + number * 7
        call, queue, agent = f"{at}.{number}", chance.choice(["algemeen", "belastingen"]), f"SIP/{chance.randint(1, 9)}"
        wait, talk = chance.randint(0, 90), chance.randint(5, 300)
        lines.append((at, f"{call}|{queue}|NONE|ENTERQUEUE||06{chance.randint(10000000, 10000099)}|1"))
        how = chance.choice(["answered"] * 5 + ["abandoned", "timeout", "twice", "lost", "transfer", "custom"])
        if how in ("answered", "transfer", "custom"):
            lines.append((at + wait // 2, f"{call}|{queue}|{agent}|RINGNOANSWER|{chance.randint(1, 20)}000"))
            lines.append((at + wait, f"{call}|{queue}|{agent}|CONNECT|{wait}|{call}9|2"))
            end = f"ATTENDEDTRANSFER|BRIDGE|b{number}|{wait}|{talk}|1" if how == "transfer" else ""
            lines.append((at + wait + talk, f"{call}|{queue}|{agent}|{end or f'COMPLETECALLER|{wait}|{talk}|1'}"))
        if how == "custom":
            lines.append((at, f"{call}|{queue}|NONE|DID|0201234567"))
        if how == "abandoned":
            lines.append((at + wait, f"{call}|{queue}|NONE|ABANDON|1|1|{wait}"))
        if how in ("timeout", "twice"):
            lines.append((at + wait, f"{call}|{queue}|NONE|EXITWITHTIMEOUT|1|1|{wait}"))
        if how == "twice":
            lines.append((at + wait, f"{call}|nacht|NONE|ENTERQUEUE||0612345678|1"))
            lines.append((at + wait + 5, f"{call}|nacht|NONE|ABANDON|1|1|5"))
    lines.append((T + calls * 7 + 6 * 3600, "NONE|NONE|SIP/1|PAUSEALL|einde"))
    return [f"{at}|{rest}" for at, rest in sorted(lines, key=lambda line: line[0])]


async def kept(database: Database) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """All calls, without their ids, and all events."""
    async with database.reading() as session:
        calls = (await session.exec(select(Call))).all()
        events = (await session.exec(select(CallEvent))).all()
    skipped = {"id"}
    return (
        sorted(tuple(str(getattr(call, name)) for name in Call.model_fields if name not in skipped) for call in calls),
        sorted(tuple(str(getattr(event, name)) for name in CallEvent.model_fields) for event in events),
    )
