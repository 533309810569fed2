"""What the kennisbank adds to the lifespan state."""

from kcc.access.limits import AddressLimit
from kcc.knowledge.search_counts import SearchCounter
from kcc.knowledge.searching import Searcher
from kcc.web.state import State


class KnowledgeState(State):
    """The state with search, and with the limit on what residents say of an answer."""

    searcher: Searcher
    counter: SearchCounter
    feedback_limit: AddressLimit
