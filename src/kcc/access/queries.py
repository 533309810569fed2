"""All SQL of access."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.models import Account, AccountRole, ApiToken, Device, Session
from kcc.access.roles import Role
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few


async def account_by_name(session: AsyncSession, name: str) -> Account | None:
    """The account with this log-in name."""
    return (await session.exec(select(Account).where(Account.name == name))).first()


async def roles_of(session: AsyncSession, account_id: int) -> frozenset[Role]:
    """The roles of an account."""
    found = await session.exec(select(AccountRole.role).where(AccountRole.account_id == account_id))
    return frozenset(Role(role) for role in found.all())


async def replace_roles(session: AsyncSession, account_id: int, roles: Iterable[Role]) -> None:
    """Make these the only roles of an account."""
    await session.exec(delete(AccountRole).where(col(AccountRole.account_id) == account_id))
    session.add_all(AccountRole(account_id=account_id, role=role) for role in set(roles))
    await session.flush()


async def live_session(
    session: AsyncSession, id_hash: str, now: datetime, idle_since: datetime
) -> tuple[Session, Account] | None:
    """A session that is not over, with its active account."""
    query = (
        select(Session, Account)
        .join(Account, col(Account.id) == Session.account_id)
        .where(
            Session.id_hash == id_hash,
            Session.expires_at > now,
            Session.last_seen_at > idle_since,
            col(Account.active).is_(True),
        )
    )
    return (await session.exec(query)).first()


async def touch_session(session: AsyncSession, id_hash: str, now: datetime) -> None:
    """Note that the session was used."""
    await session.exec(update(Session).where(col(Session.id_hash) == id_hash).values(last_seen_at=now))


async def delete_session(session: AsyncSession, id_hash: str) -> None:
    """End a session."""
    await session.exec(delete(Session).where(col(Session.id_hash) == id_hash))


async def delete_sessions_of(session: AsyncSession, account_id: int) -> None:
    """End all sessions of an account."""
    await session.exec(delete(Session).where(col(Session.account_id) == account_id))


async def delete_expired_sessions(session: AsyncSession, now: datetime) -> None:
    """Forget the sessions that are over."""
    await session.exec(delete(Session).where(col(Session.expires_at) <= now))


class LiveToken(NamedTuple):
    """Whose token it is, and what it may do."""

    name: str
    role: Role


async def live_token(session: AsyncSession, token_hash: str, now: datetime) -> LiveToken | None:
    """A token that is neither expired nor revoked."""
    found = (await session.exec(_live_token(), params={"hash": token_hash, "now": now})).first()
    return LiveToken._make(found) if found else None


@cache
def _live_token() -> Any:
    """Made once: every request of the API begins with it."""
    token = table_of(ApiToken).c
    return few(
        select_columns(token.name, token.role).where(
            token.token_hash == bindparam("hash"), token.expires_at > bindparam("now"), token.revoked_at.is_(None)
        )
    )


async def accounts(session: AsyncSession) -> Sequence[Account]:
    """All accounts by name."""
    return (await session.exec(select(Account).order_by(Account.name))).all()


async def active_accounts(session: AsyncSession, role: Role) -> Sequence[Account]:
    """The active accounts with a role, by name."""
    query = (
        select(Account)
        .join(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(AccountRole.role == role, col(Account.active).is_(True))
    )
    return (await session.exec(query.order_by(Account.name))).all()


async def live_device(session: AsyncSession, token_hash: str) -> Device | None:
    """A device that was not revoked."""
    return (
        await session.exec(select(Device).where(Device.token_hash == token_hash, col(Device.revoked_at).is_(None)))
    ).first()


async def invited_device(session: AsyncSession, link_hash: str) -> Device | None:
    """The device with this link, if it was not revoked."""
    query = select(Device).where(Device.link_hash == link_hash, col(Device.revoked_at).is_(None))
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def claim_device(session: AsyncSession, device: int, token_hash: str, now: datetime) -> None:
    """Let the browser with this token be the device, unless another is already."""
    unclaimed = (col(Device.id) == device, col(Device.claimed_at).is_(None))
    statement = update(Device).where(*unclaimed).values(token_hash=token_hash, claimed_at=now)
    await session.exec(statement.execution_options(synchronize_session=False))


async def devices_of(session: AsyncSession, location: str) -> Sequence[Device]:
    """The devices of a location that were not revoked, oldest first."""
    query = select(Device).where(Device.location == location, col(Device.revoked_at).is_(None))
    return (await session.exec(query.order_by(col(Device.id)))).all()


async def revoke_device(session: AsyncSession, location: str, device: int, now: datetime) -> None:
    """This device of this location has no access any more."""
    mine = (col(Device.id) == device, col(Device.location) == location, col(Device.revoked_at).is_(None))
    await session.exec(update(Device).where(*mine).values(revoked_at=now))
