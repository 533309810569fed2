"""Who sits at which telephone: told once at a desk of one's own, each time one sits down at another.

A telephone is named as the exchange names it, by extension or agent; `PJSIP/101` and `101` are the same.
"""

import re
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log import queries as log
from kcc.contacts.telephony import seat_queries
from kcc.contacts.telephony.models import PHONE_MAX, PhoneSeat
from kcc.errors import FieldError, InvalidInput
from kcc.storage.turns import take_turn

TURN = 0x5EA7
# What Asterisk writes around the name of a telephone: PJSIP/101-0000abcd, Local/101@agents/n.
_AROUND = re.compile(r"^[A-Za-z][A-Za-z0-9]*/|@.*$|-[0-9a-f]{8}$")
WRONG = f"vul het nummer van het toestel in, zoals het erop staat: 1 tot {PHONE_MAX} tekens"


def phone_name(text: str) -> str:
    """A telephone as it is compared: without the technology and the number of the channel, in lower case."""
    return _AROUND.sub("", text.strip()).casefold()


async def sit_down(session: AsyncSession, agent: str, phone: str, since: datetime) -> str:
    """From this moment on the agent sits at this telephone, and nobody else does. Returns its name.

    What was told of later moments is replaced. Raises InvalidInput.
    """
    name = phone_name(phone)
    if not name or len(name) > PHONE_MAX or not name.isprintable():
        raise InvalidInput("Dit is geen toestel: " + WRONG, [FieldError("body", "/phone", "phone", WRONG)])
    await take_turn(session, TURN)
    gone = await seat_queries.vacate(session, agent, name, since)
    await seat_queries.add(session, PhoneSeat(agent=agent, phone=name, since=since))
    await seat_queries.set_free(session, agent, None)
    await log.look_for_calls_again(session, {agent, *gone}, since)
    return name


async def stand_up(session: AsyncSession, agent: str, now: datetime) -> None:
    """The agent sits at no telephone any more, and wants none."""
    await take_turn(session, TURN)
    await seat_queries.vacate(session, agent, None, now)
    await seat_queries.set_free(session, agent, now)
    await log.look_for_calls_again(session, {agent}, now)


async def is_to_choose(session: AsyncSession, agent: str) -> bool:
    """Whether the agent sits at no telephone and never said to work without, where there are telephones."""
    return (
        await seat_queries.phone_of(session, agent) is None
        and not await seat_queries.is_free(session, agent)
        and await seat_queries.has_telephony(session)
    )


async def phone_of(session: AsyncSession, agent: str) -> str | None:
    """The telephone at which an agent sits."""
    return await seat_queries.phone_of(session, agent)
