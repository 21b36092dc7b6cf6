"""Brings a service's database to its newest state: the kit's branch and the service's own.

Old and new code both survive a migration: it adds, back-fills and only a later release drops.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

_KIT = Path(__file__).parent
_LOCK = 0x64616B656875  # "dakehu": replicas that start together migrate one after the other


def upgrade(sqlalchemy_url: str, package: str) -> None:
    """Run all migrations that are missing. `package` is the service's, e.g. `services.billing`."""
    engine = create_engine(sqlalchemy_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            # The kit first: a service's tables use its functions, roles and views.
            for branch in ("kit@head", "heads"):
                command.upgrade(_config(package, connection), branch)
                connection.commit()
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()
    engine.dispose()


def missing(connection: Connection, package: str) -> set[str]:
    """The newest revisions that the database has not reached; empty when it is up to date."""
    newest = set(ScriptDirectory.from_config(_config(package)).get_heads())
    reached = set(MigrationContext.configure(connection).get_current_heads())
    return newest - reached


def _config(package: str, connection: Connection | None = None) -> Config:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None, f"no package {package}"
    own = Path(spec.origin).parent / "storage" / "migrations" / "versions"
    config = Config()
    config.set_main_option("script_location", str(_KIT))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{_KIT / 'versions'}\n{own}")
    config.attributes["connection"] = connection
    return config
