"""Suggestions for addresses that were probably mistyped."""

import pytest

from kcc.access.mistyped import ALSO_RIGHT, WELL_KNOWN, suggested_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jan@gmail.con", "jan@gmail.com"),
        ("jan@gmial.com", "jan@gmail.com"),
        ("jan@gmai.com", "jan@gmail.com"),
        ("jan@gmaill.com", "jan@gmail.com"),
        ("jan@gmial.con", "jan@gmail.com"),
        ("jan@hotmial.com", "jan@hotmail.com"),
        ("jan@hotmail.con", "jan@hotmail.com"),
        ("Jan.de.Boer@Hotmal.nl", "Jan.de.Boer@hotmail.nl"),
        ("jan@outlok.com", "jan@outlook.com"),
        ("jan@zigo.nl", "jan@ziggo.nl"),
        ("jan@bedrijf.con", "jan@bedrijf.com"),
    ],
)
def test_what_was_probably_meant(typed: str, meant: str) -> None:
    assert suggested_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *(f"jan@{domain}" for domain in (*WELL_KNOWN, *sorted(ALSO_RIGHT))),
        "jan@GMAIL.com", "jan@voorbeeld.nl", "jan@love.nl", "jan@hive.com", "jan@hope.nl", "jan@gemeente.nl", "jan@",
        "@gmail.con", "gmail.con", "",
    ],
)  # fmt: skip
def test_what_looks_right_is_left_alone(typed: str) -> None:
    assert suggested_address(typed) is None
