"""Whether a process can do its work: the database answers and has every migration it needs."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.migrations.revisions import has_all
from shared.service import Runtime


async def is_ready(process: Runtime) -> bool:
    """True when the database can be reached and has every migration that this code knows."""
    try:
        async with process.engine.connect() as connection:
            rows = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return has_all(process.service.package, {version for (version,) in rows})
    except (SQLAlchemyError, OSError):
        return False
