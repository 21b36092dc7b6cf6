"""Whether a process can do its work: the database answers and has every migration."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from shared.migrations.run import missing
from shared.service import Runtime


async def is_ready(process: Runtime) -> bool:
    """True when the database can be reached and is at the newest state that this code knows."""

    def is_migrated(connection: Connection) -> bool:
        return not missing(connection, process.service.package)

    try:
        async with process.engine.connect() as connection:
            return await connection.run_sync(is_migrated)
    except (SQLAlchemyError, OSError):
        return False
