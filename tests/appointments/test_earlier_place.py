"""Who asked for an earlier place hears of one: first come first served, one at a time, and nobody loses their own."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import col, select, update

from kcc.access.roles import Role
from kcc.appointments import changing
from kcc.appointments.availability.offering import Asker
from kcc.appointments.models import Appointment, ClosingDay, Hold, Product
from kcc.appointments.plan_queries import next_plan_version
from kcc.appointments.planner import Planner
from kcc.appointments.policy import policy
from kcc.clock import Clock
from kcc.errors import Conflict
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Desk, Hall, at, place, places_of, problem, product, put, rule
from tests.appointments.post import Post, subjects, text
from tests.conftest import SetClock

ANNA, BEN, CEES = "anna@voorbeeld.example", "ben@voorbeeld.example", "cees@voorbeeld.example"
OFFERED = "Eerdere tijd vrij voor uw afspraak:"
DAYS = [DAY + timedelta(days=number) for number in range(6)]


class Waiting:
    """The list of those who wait for an earlier place, by the verbs that pages call."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database, self._clock, self._policy = database, clock, policy(settings)

    async def offers(self) -> dict[str, Hold]:
        """By e-mail address the places that are kept for people now."""
        async with self._database.reading() as session:
            query = select(Appointment.email, Hold).where(Hold.offered_to == Appointment.id)
            found = (await session.exec(query.order_by(col(Hold.id)))).all()
        return {str(email): hold for email, hold in found if hold.expires_at > self._clock.now()}

    async def accept(self, booked: httpx.Response, offer: int | None) -> None:
        """Take the place."""
        async with self._database.writing() as session:
            plan = await Planner(self._clock.timezone).plan(session)
            appointment = await changing.appointment_to_change(session, booked.json()["code"])
            asker = Asker(self._clock.now(), self._clock.today(), staff=False)
            await changing.accept_offer(session, plan, self._policy, asker, appointment, offer or 0)

    async def decline(self, booked: httpx.Response, offer: int | None) -> None:
        """Leave the place to the next."""
        async with self._database.writing() as session:
            appointment = await changing.appointment_to_change(session, booked.json()["code"])
            await changing.decline_offer(session, appointment, offer or 0, self._clock.now())

    async def ask(self, booked: httpx.Response, *, wanted: bool) -> None:
        """Get on the list, or off it."""
        async with self._database.writing() as session:
            appointment = await changing.appointment_to_change(session, booked.json()["code"])
            await changing.ask_earlier(session, appointment, self._clock.now(), wanted=wanted)


@pytest.fixture
def waiting(database: Database, clock: Clock, settings: Settings) -> Waiting:
    return Waiting(database, clock, settings)


class Town:
    """One counter; somebody has the first place, Anna and then Ben asked for an earlier one than their own."""

    def __init__(self, desk: Desk, post: Post) -> None:
        self.desk, self._post = desk, post

    async def fill(self) -> None:
        """Book."""
        self.first = await self.desk.book("10:00", day=DAYS[1], email=CEES)
        self.anna = await self.desk.book("10:00", day=DAYS[4], email=ANNA, earlier=True)
        self.ben = await self.desk.book("10:00", day=DAYS[3], email=BEN, earlier=True)
        assert len(await self._post.deliver()) == 3

    async def free(self) -> None:
        """The first place comes free."""
        assert (await self.desk.manage(self.first, "cancel")).status_code == 200


@pytest.fixture
async def town(hall: Hall, desk: Desk, post: Post) -> Town:
    await hall(product("paspoort", 20), place())
    town = Town(desk, post)
    await town.fill()
    return town


def _about(mail: list[Any], word: str) -> list[str]:
    return [line for line in subjects(mail) if word in line]


async def test_the_first_who_asked_hears_of_it_first(town: Town, waiting: Waiting, post: Post) -> None:
    await town.free()
    mail = await post.deliver()
    assert _about(mail, "Eerdere tijd") == [f"{ANNA}: {OFFERED} woensdag 25 november, 10.00 uur"]
    (offer,) = [message for message in mail if message["To"] == ANNA]
    assert "Wij houden die tijd voor u vast tot dinsdag 24 november 2026 om 11.00 uur" in " ".join(text(offer).split())
    assert town.anna.json()["manageUrl"] in text(offer)
    assert list(await waiting.offers()) == [ANNA]
    assert "10:00" not in await town.desk.starts("paspoort", day=DAYS[1])
    assert problem(await town.desk.book("10:00", day=DAYS[1])) == (409, "slot-taken")
    # Nobody has moved yet.
    assert (await town.desk.manage(town.anna)).json()["startsAt"] == "2026-11-28T09:00:00Z"


async def test_an_expired_offer_goes_to_the_next(town: Town, waiting: Waiting, post: Post, moment: SetClock) -> None:
    await town.free()
    await post.deliver()
    moment.move(minutes=119)
    assert _about(await post.deliver(), "Eerdere tijd") == []
    moment.move(minutes=1)
    assert len(_about(await post.deliver(), f"{BEN}: Eerdere tijd")) == 1
    assert list(await waiting.offers()) == [BEN]
    moment.move(minutes=120)
    assert _about(await post.deliver(), "Eerdere tijd") == []
    assert "10:00" in await town.desk.starts("paspoort", day=DAYS[1])


async def test_an_offer_that_is_declined_goes_to_the_next_at_once(town: Town, waiting: Waiting, post: Post) -> None:
    await town.free()
    await post.deliver()
    offer = (await waiting.offers())[ANNA].id
    await waiting.decline(town.anna, offer)
    await waiting.decline(town.anna, offer)
    assert _about(await post.deliver(), "Eerdere tijd") == [f"{BEN}: {OFFERED} woensdag 25 november, 10.00 uur"]
    assert list(await waiting.offers()) == [BEN]


async def test_who_accepts_moves_and_is_told(town: Town, waiting: Waiting, post: Post) -> None:
    await town.free()
    await post.deliver()
    offer = (await waiting.offers())[ANNA].id
    await waiting.accept(town.anna, offer)
    moved = (await town.desk.manage(town.anna)).json()
    assert (moved["startsAt"], moved["endsAt"]) == ("2026-11-25T09:00:00Z", "2026-11-25T09:20:00Z")
    assert (moved["sequence"], moved["earlier"]) == (1, False)
    mail = await post.deliver()
    assert f"{ANNA}: Uw afspraak is gewijzigd: woensdag 25 november, 10.00 uur" in subjects(mail)
    # The place she left is later than Ben's own: there is nothing to offer him.
    assert _about(mail, "Eerdere tijd") == []
    assert "10:00" in await town.desk.starts("paspoort", day=DAYS[4])
    assert problem(await town.desk.book("10:00", day=DAYS[1])) == (409, "slot-taken")
    with pytest.raises(Conflict):
        await waiting.accept(town.anna, offer)


async def test_a_place_left_for_an_earlier_one_is_offered_on(town: Town, waiting: Waiting, post: Post) -> None:
    await town.free()
    await post.deliver()
    await waiting.decline(town.anna, (await waiting.offers())[ANNA].id)
    await post.deliver()
    await waiting.accept(town.ben, (await waiting.offers())[BEN].id)
    mail = await post.deliver()
    assert _about(mail, "Eerdere tijd") == [f"{ANNA}: {OFFERED} vrijdag 27 november, 10.00 uur"]


async def test_an_offer_that_has_ended_or_is_anothers_is_not_to_be_had(
    town: Town, waiting: Waiting, post: Post, moment: SetClock
) -> None:
    await town.free()
    await post.deliver()
    offer = (await waiting.offers())[ANNA].id
    with pytest.raises(Conflict):
        await waiting.accept(town.ben, offer)
    await waiting.decline(town.ben, offer)
    assert list(await waiting.offers()) == [ANNA]
    moment.move(minutes=120)
    with pytest.raises(Conflict):
        await waiting.accept(town.anna, offer)
    assert (await town.desk.manage(town.anna)).json()["startsAt"] == "2026-11-28T09:00:00Z"


async def test_who_cancelled_hears_nothing(town: Town, waiting: Waiting, post: Post) -> None:
    await town.desk.manage(town.anna, "cancel")
    await town.free()
    assert len(_about(await post.deliver(), f"{BEN}: Eerdere tijd")) == 1
    assert list(await waiting.offers()) == [BEN]


async def test_who_cancels_leaves_the_offer_to_the_next(town: Town, waiting: Waiting, post: Post) -> None:
    await town.free()
    await post.deliver()
    await town.desk.manage(town.anna, "cancel")
    mail = await post.deliver()
    assert [line.partition(":")[0] for line in _about(mail, "Eerdere tijd")] == [BEN]
    assert list(await waiting.offers()) == [BEN]


async def test_who_moves_to_an_earlier_place_is_off_the_list(town: Town, waiting: Waiting, post: Post) -> None:
    await town.desk.manage(town.anna, "reschedule", startsAt=at("9:00", DAYS[3]))
    await town.free()
    await post.deliver()
    assert list(await waiting.offers()) == [BEN]


async def test_who_moves_to_a_later_place_stays_on_it(town: Town, waiting: Waiting, post: Post) -> None:
    await town.desk.manage(town.anna, "reschedule", startsAt=at("9:00", DAYS[5]))
    await town.free()
    await post.deliver()
    assert list(await waiting.offers()) == [ANNA]


async def test_who_took_themselves_off_the_list_hears_nothing(town: Town, waiting: Waiting, post: Post) -> None:
    await waiting.ask(town.anna, wanted=False)
    await town.free()
    await post.deliver()
    await waiting.ask(town.ben, wanted=False)
    assert _about(await post.deliver(), "Eerdere tijd") == []
    assert await waiting.offers() == {}
    assert "10:00" in await town.desk.starts("paspoort", day=DAYS[1])


async def test_one_offer_a_person_at_a_time(town: Town, waiting: Waiting, post: Post) -> None:
    second = await town.desk.book("11:00", day=DAYS[1], email=CEES)
    await town.free()
    await post.deliver()
    await town.desk.manage(second, "cancel")
    await post.deliver()
    assert {email: hold.starts_at.hour for email, hold in (await waiting.offers()).items()} == {ANNA: 9, BEN: 10}


async def test_an_offer_that_is_late_is_not_mailed(town: Town, waiting: Waiting, post: Post, moment: SetClock) -> None:
    class Away:
        async def send(self, message: object) -> None:
            raise ConnectionError

    there, post.mailer = post.mailer, Away()
    await town.free()
    await post.deliver()
    moment.move(minutes=121)
    post.mailer = there
    mail = await post.deliver()
    assert [line.partition(":")[0] for line in _about(mail, "Eerdere tijd")] == [BEN]


@pytest.mark.parametrize("options", [{"release_delay": 300}])
async def test_the_list_goes_before_the_delay(town: Town, waiting: Waiting, post: Post, moment: SetClock) -> None:
    await town.free()
    await post.deliver()
    assert list(await waiting.offers()) == [ANNA]
    moment.move(minutes=6)
    assert "10:00" not in await town.desk.starts("paspoort", day=DAYS[1])
    await waiting.accept(town.anna, (await waiting.offers())[ANNA].id)
    assert (await town.desk.manage(town.anna)).json()["startsAt"] == "2026-11-25T09:00:00Z"


async def test_a_visit_that_does_not_fit_is_passed_over(hall: Hall, desk: Desk, waiting: Waiting, post: Post) -> None:
    await hall(product("paspoort", 20), product("huwelijk", 60), place(hours=[("10:00", "11:00")]), place("elders"))
    first = await desk.book("10:20", day=DAYS[1])
    assert (await desk.book("10:00", day=DAYS[1])).status_code == 201
    await desk.book("10:00", "huwelijk", day=DAYS[2], email=ANNA, earlier=True)
    await desk.book("10:00", day=DAYS[3], email=CEES, location="elders", earlier=True)
    await desk.book("10:00", day=DAYS[4], email=BEN, earlier=True)
    await desk.manage(first, "cancel")
    await post.deliver()
    assert list(await waiting.offers()) == [BEN]


@pytest.mark.parametrize(
    ("options", "own", "is_offered"),
    [
        ({}, "11:00", False),
        ({}, "11:40", False),
        ({}, "12:00", True),
        ({"earlier_gain_minutes": 60}, "11:00", True),
        ({"earlier_gain_minutes": 60}, "10:40", False),
    ],
)
async def test_on_the_same_day_it_must_gain_enough(
    hall: Hall, desk: Desk, waiting: Waiting, post: Post, own: str, is_offered: bool
) -> None:
    await hall(product("paspoort", 20), place(hours=[("9:00", "17:00")]))
    first = await desk.book("10:00", day=DAYS[1])
    await desk.book(own, day=DAYS[1], email=ANNA, earlier=True)
    await desk.manage(first, "cancel")
    await post.deliver()
    assert list(await waiting.offers()) == [ANNA] * is_offered


@pytest.mark.parametrize("seen", [True, False])
async def test_an_offer_that_the_plan_has_no_room_for_any_more(
    town: Town, waiting: Waiting, post: Post, database: Database, with_token: Any, seen: bool
) -> None:
    """`seen`: the change of the plan withdraws it; without that it is refused."""
    await town.free()
    await post.deliver()
    offer = (await waiting.offers())[ANNA].id
    if seen:
        admin = await with_token(Role.ADMINISTRATOR)
        made = await admin.post("/api/v1/closing-days", json={"date": DAYS[1].isoformat()})
        assert made.status_code == 201, made.text
        assert await waiting.offers() == {}
    else:
        await put(database, ClosingDay(day=DAYS[1]))
    with pytest.raises(Conflict, match="niet meer vrij"):
        await waiting.accept(town.anna, offer)
    assert (await town.desk.manage(town.anna)).json()["startsAt"] == "2026-11-28T09:00:00Z"
    assert _about(await post.deliver(), "Eerdere tijd") == []
    assert (ANNA in await waiting.offers()) is not seen


async def test_the_offer_of_a_product_that_is_withdrawn(
    town: Town, waiting: Waiting, post: Post, database: Database
) -> None:
    await town.free()
    await post.deliver()
    async with database.writing() as session:
        await session.exec(update(Product).values(withdrawn_from=DAYS[1]))
        await next_plan_version(session)
    with pytest.raises(Conflict, match="niet meer vrij"):
        await waiting.accept(town.anna, (await waiting.offers())[ANNA].id)


async def test_a_change_elsewhere_leaves_an_offer_alone(
    town: Town, waiting: Waiting, post: Post, with_token: Any
) -> None:
    await town.free()
    admin = await with_token(Role.ADMINISTRATOR)
    await admin.post("/api/v1/closing-days", json={"date": DAYS[2].isoformat()})
    await post.deliver()
    offer = (await waiting.offers())[ANNA].id
    await admin.post("/api/v1/closing-days", json={"date": DAYS[5].isoformat()})
    await waiting.accept(town.anna, offer)
    assert (await town.desk.manage(town.anna)).json()["startsAt"] == "2026-11-25T09:00:00Z"


async def test_a_place_that_is_closed_meanwhile_is_offered_to_nobody(
    town: Town, waiting: Waiting, post: Post, database: Database
) -> None:
    await put(database, ClosingDay(day=DAYS[1]))
    await town.free()
    assert _about(await post.deliver(), "Eerdere tijd") == []
    assert await waiting.offers() == {}


async def test_a_withdrawn_offer_is_not_mailed(
    town: Town, waiting: Waiting, post: Post, with_token: Any, moment: SetClock
) -> None:
    class Away:
        async def send(self, message: object) -> None:
            raise ConnectionError

    there, post.mailer = post.mailer, Away()
    await town.free()
    await post.deliver()
    assert list(await waiting.offers()) == [ANNA]
    admin = await with_token(Role.ADMINISTRATOR)
    await admin.post("/api/v1/closing-days", json={"date": DAYS[1].isoformat()})
    post.mailer = there
    moment.move(minutes=10)
    assert _about(await post.deliver(), "Eerdere tijd") == []


async def test_who_cannot_come_at_all_is_not_told_that_theirs_stands(
    town: Town, waiting: Waiting, post: Post, database: Database
) -> None:
    await put(database, ClosingDay(day=DAYS[4]))
    await town.free()
    assert _about(await post.deliver(), "Eerdere tijd") == [f"{BEN}: {OFFERED} woensdag 25 november, 10.00 uur"]


async def test_what_is_kept_for_staff_is_not_offered(
    hall: Hall, desk: Desk, agent: Desk, waiting: Waiting, post: Post
) -> None:
    await hall(product("paspoort", 20, step_minutes=10), place(hours=(), counters=2))
    hours = {"weekday": None, "only_on": DAYS[1]}
    await hall(rule("9:00", "12:00", counters=1, **hours), rule("10:00", "10:20", staff_only=True, **hours))
    await hall(rule("9:00", "12:00", only_on=DAYS[3], counters=1))
    first = await desk.book("10:00", day=DAYS[1])
    await desk.book("9:30", day=DAYS[1])
    await desk.book("10:00", day=DAYS[3], email=ANNA, earlier=True)
    await desk.manage(first, "cancel")
    await post.deliver()
    assert (await waiting.offers())[ANNA].counter == "stadhuis-1"
    assert (await agent.book("10:00", day=DAYS[1])).status_code == 201


async def test_without_an_email_address_nobody_can_be_told(desk: Desk, here: Desk) -> None:
    refused = await desk.book("10:00", email=None, phone="06 12345678", earlier=True)
    assert problem(refused) == (400, "invalid-input")
    assert places_of(refused) == {"/earlier"}
