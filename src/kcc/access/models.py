"""Tables of access: accounts, their roles, sessions, API tokens."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from kcc.access.roles import Role
from kcc.storage.types import enum_type


class Account(SQLModel, table=True):
    """Somebody who signs in. `name` is what they type, in lower case."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    display_name: str = Field(max_length=120)
    password_hash: str = Field(max_length=200)
    active: bool = True
    created_at: datetime


class AccountRole(SQLModel, table=True):
    """One role of one account."""

    __tablename__ = "account_role"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    role: Role = Field(primary_key=True, sa_type=enum_type(Role, "account_role"))


class Session(SQLModel, table=True):
    """One signed-in browser. Only the hash of the id is kept, so the table opens no door."""

    __tablename__ = "login_session"

    id_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime = Field(index=True)


class ApiToken(SQLModel, table=True):
    """A machine's key to the API. Only its hash is kept."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    role: Role = Field(sa_type=enum_type(Role, "token_role"))
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class Device(SQLModel, table=True):
    """A kiosk or a screen in the waiting room, bound to one location. Only hashes of its secrets are kept.

    The link's secret lets one browser in, at `claimed_at`; that browser has the token from then on.
    """

    id: int | None = Field(default=None, primary_key=True)
    location: str = Field(max_length=60, foreign_key="location.code", ondelete="CASCADE")
    name: str = Field(max_length=80)
    link_hash: str = Field(max_length=64, unique=True)
    token_hash: str | None = Field(default=None, max_length=64, unique=True)
    created_at: datetime
    claimed_at: datetime | None = None
    revoked_at: datetime | None = None
