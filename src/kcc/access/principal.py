"""Who is asking: a person who signed in, or a machine with a token."""

from dataclasses import dataclass

from kcc.access.roles import Role


@dataclass(frozen=True, slots=True)
class Principal:
    """The asker's name and roles; `session` is the hash of the session id, None for a token.

    `location` is the only one that a device serves. `login` is the name that an account signs in with: nobody else has
    it, and it stays when the name on the screen changes.
    """

    name: str
    roles: frozenset[Role]
    account_id: int | None = None
    session: str | None = None
    location: str | None = None
    login: str = ""

    @property
    def key(self) -> str:
        """What tells this asker from all others of their kind."""
        return self.login or self.name

    @property
    def role_labels(self) -> list[str]:
        """The roles as screens show them."""
        return sorted(role.label for role in self.roles)

    def may(self, *roles: str) -> bool:
        """Whether the asker has one of these roles. An administrator may see what every role sees."""
        return Role.ADMINISTRATOR in self.roles or any(role in self.roles for role in roles)
