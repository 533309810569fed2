"""What the kennisbank adds to the lifespan state."""

from kcc.knowledge.search_counts import SearchCounter
from kcc.knowledge.searching import Searcher
from kcc.web.state import State


class KnowledgeState(State):
    """The state with search."""

    searcher: Searcher
    counter: SearchCounter
