"""Table of the pseudonyms under which agents stand in the star schema."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from kcc.storage.types import enum_type


class AgentKind(StrEnum):
    """Where a name is known: at the telephone exchange, or as an account here."""

    TELEPHONE = "telephone"
    ACCOUNT = "account"


class AgentAlias(SQLModel, table=True):
    """A pseudonym that says nothing of whom it stands for; it follows from nothing, so that nobody can compute it."""

    __tablename__ = "agent_alias"

    kind: AgentKind = Field(primary_key=True, sa_type=enum_type(AgentKind, "agent_kind"))
    name: str = Field(primary_key=True, max_length=120)
    alias: str = Field(max_length=16, unique=True)
