"""What waits for who is signed in: announcements, answers of departments, and callbacks that are too late."""

from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.contacts.announcements import reading as announcements
from kcc.contacts.callbacks import reading as callbacks
from kcc.contacts.department_questions import reading as questions
from kcc.contacts.log.api import LOGGING
from kcc.contacts.log.reading import Reader
from kcc.web.notices import Unread


async def unread(session: AsyncSession, principal: Principal, now: datetime) -> Unread:
    """For the bar above every page of employees."""
    found = await announcements.unread(session, principal, now)
    answers = await questions.new_answers(session, principal)
    overdue = 0
    if principal.may(*LOGGING):
        reader = Reader(principal.key, sees_all=principal.may(Role.TEAM_LEAD))
        overdue = await callbacks.overdue_for(session, reader, now)
    return replace(found, answers=answers, overdue=overdue)
