"""What waits at the desk of a demonstration: callbacks, announcements, questions to departments. Nobody in it exists.

All of it began before today, on days that are open, so that it is as true in the morning as in the evening.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.contacts.announcements import queries as announcements
from kcc.contacts.announcements.models import Announcement, Importance
from kcc.contacts.callbacks import promising
from kcc.contacts.callbacks import queries as callbacks
from kcc.contacts.callbacks.business_time import BusinessTime
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.models import Callback, CallbackAttempt
from kcc.contacts.callbacks.promising import Preferred
from kcc.contacts.callbacks.queries import Wanted
from kcc.contacts.callbacks.rules import Rules
from kcc.contacts.department_questions import links
from kcc.contacts.department_questions import queries as department_questions
from kcc.contacts.department_questions.models import DepartmentQuestion

DOMAIN = "voorbeeld.example"
PHONE = "+31612345678"
LEAD = "Demo teamleider"
# So many open days ago, at this local time.
Ago = tuple[int, time]


@dataclass(frozen=True, slots=True)
class _Promise:
    """A callback. `attempts`: when, by the department or not, whether somebody was reached, and the note."""

    department: str
    text: str
    name: str
    asked: Ago
    email: str | None = None
    next_day: bool = False
    attempts: Sequence[tuple[Ago, bool, bool, str]] = ()
    closed: Closing | None = None
    handed_back: tuple[Ago, str] | None = None


PROMISES = (
    _Promise(
        "burgerzaken",
        "Heeft vorige week een paspoort aangevraagd en nog geen bericht dat het klaarligt. Vertrekt over tien dagen.",
        "Mevrouw Voorbeeld",
        (4, time(9, 40)),
        email=f"inwoner1@{DOMAIN}",
        attempts=(((2, time(11, 5)), True, False, "Voicemail, niets ingesproken."),),
    ),
    _Promise(
        "afval",
        "De container is de tweede keer op rij niet geleegd, de rest van de straat wel.",
        "De heer Voorbeeld",
        (1, time(10, 5)),
        attempts=(
            ((1, time(11, 30)), True, False, "Geen gehoor."),
            ((1, time(15, 50)), False, False, "Nog eens geprobeerd, geen gehoor."),
        ),
    ),
    _Promise(
        "belastingen",
        "Wil een betalingsregeling voor de aanslag, maar heeft al een aanmaning. Moet de hele aanmaning eerst betaald?",
        "Bakkerij Voorbeeld",
        (1, time(15, 10)),
        email=f"bakkerij@{DOMAIN}",
    ),
    _Promise(
        "burgerzaken",
        "Wil weten of de geboorteakte uit Portugal vertaald moet zijn voor het huwelijk.",
        "Mevrouw Voorbeeld-Test",
        (1, time(11, 20)),
        next_day=True,
    ),
    _Promise(
        "vergunningen",
        "Vraagt wanneer het besluit komt over de dakkapel; de termijn is voorbij.",
        "De heer Test",
        (1, time(10, 0)),
        handed_back=((1, time(16, 5)), "Wij behandelen deze aanvraag niet: dit ligt bij de omgevingsdienst."),
    ),
    _Promise(
        "afval",
        "Afvalpas werkt niet bij de ondergrondse container sinds de verhuizing.",
        "Mevrouw Test",
        (5, time(13, 45)),
        attempts=(((4, time(9, 30)), True, True, "Pas opnieuw gekoppeld aan het adres. Werkt weer."),),
        closed=Closing.DONE,
    ),
    _Promise(
        "burgerzaken",
        "Wil een uittreksel dat niet is aangekomen opnieuw laten sturen.",
        "De heer Voorbeeld-Test",
        (7, time(10, 30)),
        attempts=(
            ((6, time(9, 45)), True, False, "Geen gehoor."),
            ((5, time(14, 15)), True, False, "Weer geen gehoor, voicemail ingesproken."),
        ),
        closed=Closing.NOT_REACHED,
    ),
)
# Title, text, importance, from, until (null: it goes on for some days), whether the agent read it.
NEWS = (
    (
        "Nep-sms over een openstaande boete",
        "Inwoners krijgen een sms over een boete, met een link om te betalen. **Die is niet van ons.**\n\n"
        "- De gemeente stuurt nooit een betaallink per sms.\n- Wie al betaalde, belt de eigen bank.\n\n"
        "*Dit bericht hoort bij de demonstratie.*",
        Importance.IMPORTANT,
        (1, time(8, 30)),
        None,
        False,
    ),
    (
        "Balie eerder dicht door een storing",
        "De balie sloot om 15.00 uur door een storing. Wie een afspraak had, krijgt dezelfde week een nieuwe.\n\n"
        "*Dit bericht hoort bij de demonstratie.*",
        Importance.NORMAL,
        (12, time(14, 0)),
        (11, time(17, 0)),
        True,
    ),
)
# Department, article, question, asked, the answer with who gave it when.
ASKED = (
    (
        "afval",
        "grofvuil",
        "Bellers vragen of een matras ook grofvuil is. Het artikel noemt alleen meubels.",
        (1, time(13, 25)),
        None,
    ),
    (
        "burgerzaken",
        "paspoort-aanvragen",
        "Mag iemand met een machtiging het paspoort ophalen als de aanvrager ziek is? Dat staat er niet bij.",
        (4, time(10, 10)),
        ((2, time(9, 20)), "Team Burgerzaken (demo)", "Nee. De aanvrager haalt het paspoort altijd zelf op."),
    ),
)


async def load(
    session: AsyncSession,
    rules: Rules,
    secret_key: str,
    agent: tuple[str, str],
    articles: Collection[str],
    now: datetime,
) -> bool:
    """Fill the desk of `agent` (who signs in so, named so on screens), and give departments a mailbox that have none.

    Does nothing, and returns False, when there are callbacks already.
    """
    if await callbacks.number_of(session, Wanted(), now):
        return False
    departments = await catalogue.departments(session)
    for row in departments:
        row.email = row.email or f"{row.code}@{DOMAIN}"
        row.lead_email = row.lead_email or f"hoofd-{row.code}@{DOMAIN}"
    known = {row.code for row in departments}
    days = _Days(await rules.hours(session), now)
    for promise in PROMISES:
        if promise.department in known:
            await _promise(session, promise, days, rules.within, agent[0])
    for title, text, importance, begin, end, is_read in NEWS:
        await _news(session, days, title, text, importance, begin, end, agent[0] if is_read else None)
    for department, article, question, at, answered in ASKED:
        if department in known and article in articles:
            await _asked(session, days, department, article, question, at, answered, agent, secret_key)
    return True


class _Days:
    """Moments on open days before today."""

    def __init__(self, business: BusinessTime, now: datetime) -> None:
        self.business = business
        self._today = business.local_date(now)

    def ago(self, ago: Ago) -> datetime:
        """So many open days before today, at a local time."""
        day, (left, at) = self._today, ago
        while left:
            day -= timedelta(days=1)
            left -= bool(self.business.openings(day))
        return datetime.combine(day, at, self.business.zone).astimezone(UTC)

    def next_afternoon(self) -> Preferred:
        """The afternoon of the first open day after today."""
        day = self.business.next_day(self._today)
        end = self.business.openings(day)[-1][1]
        return Preferred(end - timedelta(hours=4), end)


async def _promise(session: AsyncSession, one: _Promise, days: _Days, within: timedelta, agent: str) -> None:
    asked = days.ago(one.asked)
    wish = days.next_afternoon() if one.next_day else Preferred()
    row = Callback(
        department=one.department,
        text=one.text,
        phone=PHONE,
        name=one.name,
        email=one.email,
        preferred_at=wish.start,
        preferred_until=wish.until,
        agent=agent,
        asked_at=asked,
        due_at=promising.due_at(days.business, asked, within, wish),
    )
    if one.closed:
        row.closed_at, row.closed_as = days.ago(one.attempts[-1][0]), one.closed
    if one.handed_back:
        row.handed_back_at, row.handed_back_note = days.ago(one.handed_back[0]), one.handed_back[1]
    await callbacks.add(session, row)
    assert row.id is not None
    for at, by_department, reached, note in one.attempts:
        by = None if by_department else agent
        attempt = CallbackAttempt(callback=row.id, at=days.ago(at), by=by, reached=reached, note=note)
        await callbacks.add(session, attempt)


async def _news(
    session: AsyncSession,
    days: _Days,
    title: str,
    text: str,
    importance: Importance,
    begin: Ago,
    end: Ago | None,
    reader: str | None,
) -> None:
    since = days.ago(begin)
    row = Announcement(
        title=title,
        text=text,
        importance=importance,
        starts_at=since,
        ends_at=days.ago(end) if end else days.next_afternoon().until,
        written_by=LEAD,
        written_at=since,
        changed_at=since,
    )
    await announcements.add(session, row)
    if reader and row.id is not None:
        await announcements.mark(session, row.id, reader, since + timedelta(minutes=12))


async def _asked(
    session: AsyncSession,
    days: _Days,
    department: str,
    article: str,
    question: str,
    at: Ago,
    answered: tuple[Ago, str, str] | None,
    agent: tuple[str, str],
    secret_key: str,
) -> None:
    seed = links.new_seed()
    row = DepartmentQuestion(
        article=article,
        department=department,
        question=question,
        asked_by=agent[0],
        asker=agent[1],
        asked_at=days.ago(at),
        seed=seed,
        token_hash=links.token_hash(links.token(secret_key, seed)),
    )
    if answered:
        when, row.answered_by, row.answer = answered
        row.answered_at = days.ago(when)
    await department_questions.add(session, row)
