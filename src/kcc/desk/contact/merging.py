"""A contact is open in two windows: what each of them changed counts, and what both did is told. Pure."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic.alias_generators import to_camel

from kcc.contacts.log.labels import CHANNELS, REQUESTERS
from kcc.contacts.log.models import Question
from kcc.contacts.log.queries import Logged
from kcc.desk.contact.form import PanelForm, read
from kcc.desk.contact.words import Deed, deed_of, outcome_word
from kcc.errors import Conflict, FieldError, InvalidInput

OF_CONTACT = ("channel", "kind", "own_department", "name", "email", "phone", "case_number")
OF_QUESTION = ("topic", "note", "department", "colleague")
WORDS: Mapping[str, Mapping[Any, str]] = {
    "channel": CHANNELS,
    "kind": REQUESTERS,
    "colleague": {True: "ja", False: "nee"},
}

# By the field of the form: the name of each code.
Names = Mapping[str, Mapping[str, str]]

PRESS_AGAIN = "Kies nog eens als moet gelden wat u hier invulde."


class KeptElsewhere(Conflict):
    """Another window changed what this one changes too. `shown`: what who has read that sends along to overrule it."""

    kind = "kept-elsewhere"
    title = "In een ander venster gewijzigd"
    shown: str = ""


def values_of(logged: Logged, question: Question | None) -> dict[str, Any]:
    """What is kept of a contact and the question that the panel shows, by the fields of the form."""
    contact = logged.contact
    values: dict[str, Any] = {
        "channel": contact.channel,
        "kind": contact.requester,
        "own_department": contact.department,
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "case_number": contact.case_number,
    }
    if question:
        values |= {
            "do": deed_of(question.outcome, reached=question.reached),
            "question": question.id,
            "topic": question.topic,
            "note": question.note,
            "bsn": question.bsn_confirmed_not,
            "department": question.department,
            "colleague": question.colleague,
        }
    return values


def as_shown(values: Mapping[str, Any]) -> str:
    """What goes along with a form that shows these values, by the fields of the form."""
    named = {to_camel(name): values.get(name) for name in (*OF_CONTACT, *OF_QUESTION, "bsn", "do")}
    told = {name: "true" if value is True else str(value) for name, value in named.items() if value}
    return json.dumps(told, ensure_ascii=False)


def shown_next(form: PanelForm) -> str:
    """What goes along with the form from now on, when this was kept of it. Raises InvalidInput."""
    ended = read(form.shown).do if form.shown else Deed.SAVE
    return as_shown({**form.model_dump(), "do": ended})


def merged(typed: PanelForm, logged: Logged, question: Question | None, names: Names | None = None) -> PanelForm:
    """The form with what was not changed in it as it is kept by now. Without `shown` all that it says was changed.

    `names`: what the codes that fields can hold are called on screens.

    Raises KeptElsewhere for what was changed here and is kept otherwise by another window, and InvalidInput.
    """
    kept = PanelForm.model_construct(**values_of(logged, question))
    if typed.shown is None:
        return typed
    shown = read(typed.shown)
    sent = _sent(typed) or shown
    fields, clashes = dict[str, Any](), list[str]()
    for name in OF_CONTACT + (OF_QUESTION if question else ()):
        here, before, there = getattr(typed, name), getattr(shown, name), getattr(kept, name)
        if here == before or (name == "topic" and here is None):
            fields[name] = there
        elif there not in (here, before, getattr(sent, name)):
            clashes.append(name)
    if question and (typed.note, typed.bsn) == (shown.note, shown.bsn):
        fields["bsn"] = kept.bsn
    if typed.do.outcome and kept.do not in (typed.do, shown.do):
        clashes.append("do")
    if clashes:
        raise _clash({name: getattr(kept, name) for name in clashes}, question, shown, names or {})
    return typed.model_copy(update=fields)


def _sent(typed: PanelForm) -> PanelForm | None:
    """What was sent before; None of what could not be kept anyway."""
    with suppress(InvalidInput):
        return read(typed.sent) if typed.sent else None
    return None


def adds_nothing(typed: PanelForm, logged: Logged, question: Question | None) -> bool:
    """Whether all that the form says is kept already, as by the first of two clicks."""
    kept = PanelForm.model_construct(**values_of(logged, question))
    try:
        form = merged(typed, logged, question)
    except KeptElsewhere:
        return False
    same = all(getattr(form, name) in (getattr(kept, name), None, "") for name in (*OF_CONTACT, *OF_QUESTION))
    return same and form.do is kept.do


def _clash(kept: Mapping[str, Any], question: Question | None, shown: PanelForm, names: Names) -> KeptElsewhere:
    problems, words = list[FieldError](), {**WORDS, **names}
    for name, value in kept.items():
        where = f"/questions/0/{to_camel(name)}" if name in OF_QUESTION else f"/{to_camel(name)}"
        if name == "do" and question:
            said = (
                f"staat al hoe deze vraag eindigde: {outcome_word(question.outcome, reached=question.reached).lower()}"
            )
        else:
            said = f"staat hier nu ‘{words.get(name, {}).get(value) or value or 'niets'}’"
        problems.append(FieldError("body", where, "kept-elsewhere", f"In een ander venster {said}. {PRESS_AGAIN}"))
    error = KeptElsewhere("Dit contact is ook in een ander venster gewijzigd", problems)
    error.shown = as_shown({**shown.model_dump(), **kept})
    return error
