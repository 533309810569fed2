"""Alembic's environment: always on the connection that kcc hands it (see kcc.storage.migrate)."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import kcc.tables  # noqa: F401  (registers every table)


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write SQLModel's own types as the plain SQLAlchemy ones."""
    if kind == "type" and type(item).__module__.startswith("sqlmodel"):
        autogen_context.imports.add("import sqlmodel.sql.sqltypes")
        return f"sqlmodel.sql.sqltypes.{item!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
