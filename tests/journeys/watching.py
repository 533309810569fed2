"""A page that keeps what went wrong in it: console, exceptions, CSP reports, requests to other hosts."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

_REPORT_CSP = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI || event.sourceFile || "inline"}`));"""


class Watch:
    """What went wrong in the pages of one browser context."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self._host = host
        self._expected: list[re.Pattern[str]] = []
        self.problems: list[str] = []
        context.add_init_script(_REPORT_CSP)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"exception: {error.error}"))
        context.on("request", self._request)

    def expect(self, pattern: str) -> None:
        """This message is part of the journey: a browser tells of every 404 it was sent to see."""
        self._expected.append(re.compile(pattern))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.netloc != self._host:
            self.problems.append(f"request to another host: {request.url}")

    def unexpected(self) -> list[str]:
        """The problems that no one announced."""
        return [text for text in self.problems if not any(pattern.search(text) for pattern in self._expected)]


OpenPage = Callable[..., Page]
