"""Whether a process can do its work: the database answers and has every migration."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.migrations.revisions import newest
from shared.service import Runtime


async def is_ready(process: Runtime) -> bool:
    """True when the database can be reached and is at the newest state that this code knows."""
    try:
        async with process.engine.connect() as connection:
            rows = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return newest(process.service.package) <= {version for (version,) in rows}
    except (SQLAlchemyError, OSError):
        return False
