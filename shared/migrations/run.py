"""Brings a service's database to its newest state: the kit's branch and the service's own.

Old and new code both survive a migration: it adds, back-fills and only a later release drops.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from shared.migrations.revisions import KIT, folders

_LOCK = 0x64616B656875  # "dakehu": replicas that start together migrate one after the other


def upgrade(sqlalchemy_url: str, package: str) -> None:
    """Run all migrations that are missing. `package` is the service's, e.g. `services.billing`."""
    engine = create_engine(sqlalchemy_url, poolclass=NullPool)
    # The lock goes with the connection, which nobody keeps: that holds after an error too.
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        # The kit first: a service's tables use its functions, roles and views.
        for branch in ("kit@head", "heads"):
            command.upgrade(configuration(package, connection), branch)
            connection.commit()
    engine.dispose()


def configuration(package: str, connection: Connection | None = None) -> Config:
    """Alembic's configuration for the two branches of a service."""
    config = Config()
    config.set_main_option("script_location", str(KIT))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, folders(package))))
    config.attributes["connection"] = connection
    return config
