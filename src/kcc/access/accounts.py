"""Accounts: add one, give it roles, set its password."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access import queries
from kcc.access.models import Account
from kcc.access.passwords import hash_password
from kcc.access.roles import Role
from kcc.errors import FieldError, InvalidInput

NAME_MAX = 80
DISPLAY_NAME_MAX = 120


def normalise(name: str) -> str:
    """The log-in name as it is stored: readable characters only, without spaces around it, in lower case."""
    return "".join(character for character in name if character.isprintable()).strip().lower()


async def put_account(
    session: AsyncSession, name: str, display_name: str, password: str, roles: Iterable[Role], now: datetime
) -> bool:
    """Make an account, or give an existing one this password and these roles and end its sessions.

    Returns True when it is new. Raises InvalidInput for an empty or too long name or password.
    """
    login = normalise(name)
    if not login or len(login) > NAME_MAX:
        problem = FieldError("body", "/name", "length", f"1 tot {NAME_MAX} tekens")
        raise InvalidInput(f"Een naam heeft 1 tot {NAME_MAX} leesbare tekens", [problem])
    if len(display_name) > DISPLAY_NAME_MAX or not display_name.isprintable():
        problem = FieldError("body", "/displayName", "length", f"hoogstens {DISPLAY_NAME_MAX} tekens")
        raise InvalidInput(f"Een schermnaam heeft hoogstens {DISPLAY_NAME_MAX} leesbare tekens", [problem])
    hashed = hash_password(password)
    account = await queries.account_by_name(session, login)
    is_new = account is None
    if account is None:
        account = Account(name=login, display_name=display_name, password_hash=hashed, created_at=now)
        session.add(account)
        await session.flush()
    else:
        account.password_hash, account.display_name, account.active = hashed, display_name, True
    assert account.id is not None
    await queries.replace_roles(session, account.id, roles)
    if not is_new:
        await queries.delete_sessions_of(session, account.id)
    return is_new
