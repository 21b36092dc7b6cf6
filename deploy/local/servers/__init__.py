"""A real PostgreSQL and a real NATS from Python wheels, for a machine that has nothing else.

Both listen on a free port of the loopback, keep their data where they are told, and can be stopped,
killed and started again on the same port and data: the launcher and the tests use the same classes.
"""

from __future__ import annotations

from .nats import EmbeddedNats, NatsServer
from .postgres import EmbeddedPostgres

__all__ = ["EmbeddedNats", "EmbeddedPostgres", "NatsServer"]
