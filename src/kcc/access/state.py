"""What access adds to the lifespan state."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.limits import LoginLimits
from kcc.access.principal import Principal
from kcc.web.notices import Unread
from kcc.web.state import State


class AccessState(State):
    """The state with the log-in limits and, in a demonstration, its accounts (name, role, password).

    `unread` tells what the bar above employees' pages shows to who is signed in.
    """

    login_limits: LoginLimits
    demo_accounts: list[tuple[str, str, str]]
    unread: Callable[[AsyncSession, Principal, datetime], Awaitable[Unread]]
