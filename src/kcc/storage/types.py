"""Column types and naming shared by all tables."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum
from sqlmodel import SQLModel

# Names constraints, so that a migration can change them on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def enum_type(enum: type[StrEnum], name: str, length: int = 30) -> Any:
    """An enum as VARCHAR with a CHECK: readable in the database, and changed by an ordinary migration."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )
