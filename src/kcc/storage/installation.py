"""What this installation is, as the database knows it: for now whether it holds a demonstration."""

from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

DEMONSTRATION = "demonstration"


class InstallationFact(SQLModel, table=True):
    """One thing that is so for the whole installation."""

    __tablename__ = "installation_fact"

    name: str = Field(primary_key=True, max_length=60)
    value: str = Field(max_length=200)


async def mark_demonstration(session: AsyncSession) -> None:
    """From now on every page says that this is a demonstration."""
    await session.merge(InstallationFact(name=DEMONSTRATION, value="yes"))


async def is_demonstration(session: AsyncSession) -> bool:
    """Whether the demonstration was loaded into this database."""
    return await session.get(InstallationFact, DEMONSTRATION) is not None
