"""The connection to NATS: one FastStream broker per process, made in the wiring.

FastStream keeps the life of the connection; nothing is declared through it (`provisioning` does
that), and messages are taken by our own pull loop (`pulling`), because its batch pull can drop a
half-collected batch.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal

from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from nats.aio.client import Client

from shared.logs import get_logger

log = get_logger(__name__)

CONNECT_SECONDS = 30
_DENIED = re.compile(r'permissions violation for publish to "([^"]+)"', re.IGNORECASE)


class Connection:
    """A broker connection that never gives up, knows what it may not do, and is missed when lost.

    `user` is the NATS user; its inboxes live under a prefix of their own, so that no user can
    read the replies of another.
    """

    def __init__(self, url: str, user: str, password: str, *, exit_when_closed: bool) -> None:
        self.user = user
        self.denied: set[str] = set()
        """Subjects that the server refused to take from us: a violation looks like a time-out."""
        self._exit_when_closed = exit_when_closed
        self._closing = False
        self.broker = NatsBroker(
            url,
            security=SASLPlaintext(username=user, password=password, use_ssl=False),
            name=f"dakehu-{user}",
            inbox_prefix=f"_INBOX_{user}",
            connect_timeout=5,
            reconnect_time_wait=1,
            max_reconnect_attempts=-1,
            ping_interval=10,
            max_outstanding_pings=2,
            pending_size=64 * 1024 * 1024,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnected,
            reconnected_cb=self._on_reconnected,
            closed_cb=self._on_closed,
            logger=None,
        )

    async def open(self) -> Client:
        """Connect. Raises TimeoutError when the server cannot be reached in CONNECT_SECONDS."""
        async with asyncio.timeout(CONNECT_SECONDS):
            return await self.broker.connect()

    async def close(self) -> None:
        """Flush what is under way and disconnect."""
        self._closing = True
        await self.broker.stop()

    async def _on_error(self, error: Exception) -> None:
        denied = _DENIED.search(str(error))
        if denied:
            self.denied.add(denied.group(1))
        log.error("nats error", error=str(error), user=self.user)

    async def _on_disconnected(self) -> None:
        if not self._closing:
            log.warning("nats disconnected", user=self.user)

    async def _on_reconnected(self) -> None:
        log.info("nats reconnected", user=self.user)

    async def _on_closed(self) -> None:
        if self._exit_when_closed and not self._closing:
            log.critical("nats connection closed for good; leaving so that we are restarted")
            os.kill(os.getpid(), signal.SIGTERM)
