"""The parts of the agent's desk by the names people know them by."""

import re

from playwright.sync_api import Locator, Page, expect


def field(page: Page) -> Locator:
    """The search field."""
    return page.get_by_label("Zoek in de kennisbank")


def hits(page: Page) -> Locator:
    """The articles in the list."""
    return page.locator("#gevonden .kcc-hit")


def first_title(page: Page) -> Locator:
    """The title of the first article in the list."""
    return hits(page).first.get_by_role("link")


def title(page: Page) -> Locator:
    """The title of the open article."""
    return page.locator("#h-artikel")


def status(page: Page) -> Locator:
    """What screen readers are told."""
    return page.locator("#melding[role=status]")


def saved(page: Page) -> Locator:
    """The message that the verdict is kept."""
    return page.locator("#reactie .utrecht-alert--ok")


def logged(page: Page) -> Locator:
    """The message that the contact is in the log."""
    return page.locator("#gelogd")


def ready(page: Page) -> None:
    """Wait until the scripts of a page that was loaded anew have taken hold."""
    page.locator("#zoeken[data-htmx-powered]").wait_for()


def type_and_find(page: Page, words: str) -> None:
    """Type; wait until the list answers."""
    expect(field(page)).to_be_focused()
    page.keyboard.type(words)
    # For all of the words: a list for the first of them may come before.
    expect(page.locator("#gevonden")).to_have_attribute("data-words", field(page).input_value().strip())
    expect(status(page)).to_have_text(re.compile("gevonden"))
    expect(page.locator("#gevonden .kcc-hit--chosen")).to_have_count(1)
