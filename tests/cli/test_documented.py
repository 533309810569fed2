"""Every command and every option of `kcc` is described in docs/operator/commands.md, and nothing else is."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer.main

from kcc.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "operator" / "commands.md"


def commands(command: object, words: tuple[str, ...] = ("kcc",)) -> Iterator[tuple[str, set[str]]]:
    """Each command as it is typed, with its options."""
    inner = getattr(command, "commands", None)
    if inner is None:
        options = {name for one in command.params for name in one.opts if name.startswith("--")}  # type: ignore[attr-defined]
        yield " ".join(words), options - {"--help"}
        return
    for name, below in inner.items():
        yield from commands(below, (*words, name))


def described() -> dict[str, set[str]]:
    """What the page says: by command the options in its section."""
    sections = re.split(r"^## `(kcc[^`]*)`$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found: dict[str, set[str]] = {}
    for heading, text in zip(sections[::2], sections[1::2], strict=True):
        name = " ".join(word for word in heading.split() if word.islower())
        found[name] = set(re.findall(r"^\| `(--[a-z-]+)", text, flags=re.MULTILINE))
    return found


def test_the_page_and_the_command_agree() -> None:
    assert described() == dict(commands(typer.main.get_command(app)))
