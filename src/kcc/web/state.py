"""What a request can reach: made once at start, the same for every request of this process."""

from typing import TypedDict

from jinja2 import Environment

from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database


class State(TypedDict):
    """The lifespan state. Capabilities that add their own extend it."""

    settings: Settings
    clock: Clock
    database: Database
    templates: Environment
    secret_key: str
    demonstration: bool
