"""What access adds to the lifespan state."""

from kcc.access.limits import LoginLimits
from kcc.web.state import State


class AccessState(State):
    """The state with the log-in limits and, in a demonstration, its accounts (name, role, password)."""

    login_limits: LoginLimits
    demo_accounts: list[tuple[str, str, str]]
