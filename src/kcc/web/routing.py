"""Routes that remember their pattern, for logs and for the OpenAPI file."""

from functools import cached_property
from typing import Any

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.routing import Match
from starlette.routing import Route as StarletteRoute
from starlette.types import Scope

# With more digits it is no number of ours.
ID_DIGITS = 9


class IdConvertor(IntegerConvertor):
    """`{id:int}` in a path: a number as a database keeps it; with more digits the address is not there."""

    regex = f"[0-9]{{1,{ID_DIGITS}}}"


register_url_convertor("int", IdConvertor())


class Route(StarletteRoute):
    """A Starlette route that leaves its pattern in the scope."""

    @cached_property
    def _begins(self) -> str:
        """The part of the path that is always the same."""
        return self.path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As Starlette's; a match also sets `kcc.route`. Most routes are told apart by how the path begins."""
        if not scope.get("root_path") and not scope.get("path", "").startswith(self._begins):
            return Match.NONE, {}
        match, child_scope = super().matches(scope)
        if match is not Match.NONE:
            child_scope["kcc.route"] = self.path_format
        return match, child_scope


def allowed_methods(routes: list[Any], scope: Scope) -> list[str]:
    """The methods that some route serves at this path, for the Allow header of a 405."""
    methods: set[str] = set()
    for route in routes:
        if isinstance(route, StarletteRoute) and route.matches(scope)[0] is not Match.NONE:
            methods |= set(route.methods or ())
    return sorted(methods)
