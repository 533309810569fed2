"""`/rapport/simulatie`: a day played many times over, with the counters there are and with others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments.availability.cells import instant
from kcc.appointments.availability.plan import Plan
from kcc.appointments.hall.rules import rules
from kcc.errors import Busy
from kcc.service_levels import words
from kcc.service_levels.booked_day import Expected, expected_day
from kcc.service_levels.comparison import Comparison, keeps
from kcc.service_levels.figures import Group, Outcome, Targets
from kcc.service_levels.pages.chosen import Filters
from kcc.service_levels.pages.promises import promise
from kcc.service_levels.pages.question import Question, ask
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.state import LEADS
from kcc.service_levels.targets.reading import targets
from kcc.web.routing import Route
from kcc.web.templating import render

Clock = Callable[[float], str]


@serves(LEADS)
async def simulation(request: PageRequest) -> Response:
    """The form, and below it what came of the day. The transaction is over before the day is played."""
    state = request.state
    settings, today = state["settings"], state["clock"].today()
    async with state["database"].reading() as session:
        plan = await state["planner"].plan(session)
        question, filters = ask(request, plan, await targets(session, settings), today)
        if question is None:
            return _page(request, filters, status=400 if filters.errors else 200)
        expected = await expected_day(session, plan, question.place, question.day, today)
    try:
        found = await state["simulator"].compare(expected.day, question.counters, question.targets, rules(settings))
    except Busy as busy:
        answer = _page(request, filters, status=busy.status, busy=busy.detail, again=str(request.url.query))
        answer.headers.update(busy.headers)
        return answer
    return _page(request, filters, result=_result(plan, question, expected, found))


def _page(request: PageRequest, filters: Filters, status: int = 200, **more: Any) -> Response:
    context: dict[str, Any] = {"filters": filters, "result": None, "busy": None, "again": "", **more}
    return render(request, "service_levels/simulation.html", context, status=status)


def clock_of(plan: Plan, question: Question) -> Clock:
    """Tells seconds after local midnight of the day as people write a time, whatever the clock does that day."""
    midnight = instant(plan.opening(question.place, question.day).first_cell)

    def clock(seconds: float) -> str:
        moment = midnight + timedelta(seconds=round(seconds / 60) * 60)
        return words.clock(moment.astimezone(plan.zone))

    return clock


def _result(plan: Plan, question: Question, expected: Expected, found: Comparison) -> dict[str, Any]:
    clock, targets = clock_of(plan, question), question.targets
    hours = found.advice.walk_in_hours if found.advice else None
    chosen = "zoals gepland" if found.counters is None else f"met {words.counters(found.counters)}"
    return {
        "question": question,
        "chosen": chosen,
        "promise": promise(found.chosen.appointments.percent_within, targets.percent),
        "figures": _figures(found.chosen, targets),
        "within": words.minutes(targets.appointment_seconds / 60),
        "advice": words.advice(found, targets),
        "spread": words.spread(found, targets, (clock(hours[0]), clock(hours[1])) if hours else None),
        "expected": _coming(expected, clock),
        "rows": [_row(words.counters(number), number == found.counters, one, targets) for number, one in found.rows],
        "planned": None if found.counters else _row("zoals gepland", True, found.chosen, targets),
        "assumptions": list(_assumptions(expected, found)),
        "norm": words.target_percent(targets.percent),
        "walk_in_within": words.minutes(targets.walk_in_seconds / 60),
    }


def _coming(expected: Expected, clock: Clock) -> list[tuple[str, str]]:
    day = expected.day
    return [
        ("Geboekt", words.people(len(day.appointments), "afspraak", "afspraken")),
        ("Inloop verwacht", f"ongeveer {round(expected.walk_ins)}" if expected.walk_ins else "niemand"),
        *(
            (f"Open {clock(one.begins)} tot {clock(one.ends)} uur", words.counters(one.counters))
            for one in day.stretches
        ),
    ]


def _group(group: Group, target: float | None) -> dict[str, str]:
    if not group.visits:
        return {"percent": words.NO_DATA, "average": "–", "p95": "–"}
    return {
        "percent": words.percent(group.percent_within, target),
        "average": words.span(group.average_seconds),
        "p95": words.span(group.p95_seconds),
    }


def _figures(found: Outcome, targets: Targets) -> list[tuple[str, str]]:
    appointments = _group(found.appointments, targets.percent)
    walk_ins = _group(found.walk_ins, None)
    within = words.minutes(targets.walk_in_seconds / 60)
    return [
        ("Afspraken wachten gemiddeld", appointments["average"]),
        ("95 van de 100 wachten ten hoogste", appointments["p95"]),
        (f"Inloop binnen {within}", walk_ins["percent"]),
        ("Inloop wacht gemiddeld", walk_ins["average"]),
        ("Dagen die de norm halen", words.percent(found.percent_of_days, decimals=0)),
        ("Loketten bezet", words.percent(found.occupancy_percent, decimals=0)),
        ("Na sluitingstijd nog bezig", words.span(found.after_closing_seconds)),
    ]


def _row(name: str, chosen: bool, found: Outcome, targets: Targets) -> dict[str, Any]:
    has_target = found.appointments.percent_within is not None
    return {
        "name": name,
        "chosen": chosen,
        "kept": keeps(found, targets) if has_target else None,
        "appointments": _group(found.appointments, targets.percent),
        "walk_ins": _group(found.walk_ins, None),
        "days": words.percent(found.percent_of_days, decimals=0),
        "occupancy": words.percent(found.occupancy_percent, decimals=0),
        "after": words.span(found.after_closing_seconds),
    }


def _assumptions(expected: Expected, found: Comparison) -> list[str]:
    """What the figures rest on, measured or not, a sentence each."""
    day = expected.day
    booked, measured = len(day.appointments), expected.as_measured
    said = [f"De dag is {found.runs} keer nagespeeld, met de volgorde van de hal zelf."]
    if booked and measured == booked:
        said.append("Hoe lang een afspraak duurt, is gemeten in de acht weken ervoor.")
    elif measured:
        said.append(
            f"Van {measured} van de {booked} afspraken is gemeten hoe lang zij duren, in de acht weken ervoor. "
            "De andere duren zo lang als gepland."
        )
    elif booked:
        said.append("Afspraken duren zo lang als gepland: er is nog te weinig gemeten (minder dan 20 bezoeken).")
    early = words.punctuality(day.punctuality.mean / 60)
    spread = words.minutes(round(day.punctuality.deviation / 60))
    if expected.late_measured:
        said.append(f"Mensen komen gemiddeld {early}, met een spreiding van {spread}. Dat is gemeten.")
    else:
        said.append(f"Mensen komen gemiddeld {early}, met een spreiding van {spread}. Dat is een aanname.")
    if day.walk_ins:
        takes = "zo lang als gemeten" if expected.walk_ins_measured else "zo lang als een afspraak gemiddeld"
        said.append(
            "Er lopen zoveel mensen binnen als gemiddeld op deze dag van de week in de acht weken ervoor; "
            f"dat duurt {takes}."
        )
    else:
        said.append(
            "Er is geen inloop verwacht: niet toegestaan op deze locatie, of niet gemeten op deze dag van de week."
        )
    said.append(
        "Elk loket en elke medewerker helpt bij alles, iedereen komt, en niemand gaat weg. "
        "Is dat niet zo, reken dan een loket extra."
    )
    return said


routes = [Route("/rapport/simulatie", simulation)]
