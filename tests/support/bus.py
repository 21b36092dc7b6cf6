"""A broker with our streams and users on it, and hands to send and look with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nats.aio.client import Client
from nats.js import JetStreamContext

from shared.messaging.broker import Connection
from shared.messaging.cloudevents import Message
from shared.messaging.provisioning import Sizes, provision
from shared.messaging.topology import Topology, permissions, server_accounts
from tests.support.servers import NatsServer

GRANTS = {"erp": ["customer_observed", "revenue_recorded"], "bank": ["payment_received"]}


@dataclass(frozen=True, slots=True)
class Bus:
    """A running broker with the streams, durables and users of `topology`."""

    server: NatsServer
    topology: Topology

    def password(self, user: str) -> str:
        """The password of a NATS user of this bus."""
        return f"password-of-{user}"

    def connection(self, user: str) -> Connection:
        """A connection as `user`, to be opened and closed."""
        return Connection(self.server.url, user, self.password(user), exit_when_closed=False)

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[Client]:
        """A connected client as `user`."""
        connection = self.connection(user)
        client = await connection.open()
        try:
            yield client
        finally:
            await connection.close()

    @asynccontextmanager
    async def stream(self, user: str = "provisioner") -> AsyncIterator[JetStreamContext]:
        """JetStream as `user`."""
        async with self.client(user) as client:
            yield JetStreamContext(client, timeout=5)

    async def provision(self, sizes: Sizes | None = None) -> list[str]:
        """Declare streams and durables."""
        async with self.stream() as stream:
            return await provision(stream, self.topology, sizes or Sizes(max_bytes=256 * 1024**2))

    async def send(self, messages: Sequence[Message], system: str = "erp") -> None:
        """Send `messages` as `system`, each confirmed."""
        async with self.stream(system) as stream:
            for message in messages:
                await stream.publish(
                    message.subject, message.body, stream="ENTERPRISE", headers={**message.headers}
                )

    async def stored(self, name: str) -> int:
        """How many messages the stream `name` holds."""
        async with self.stream() as stream:
            return (await stream.stream_info(name)).state.messages


async def start_bus(
    new_nats_server: Callable[[str, str], NatsServer], name: str, topology: Topology
) -> Bus:
    """A broker of its own for `topology`, provisioned."""
    passwords = {user: f"password-of-{user}" for user in permissions(topology)}
    bus = Bus(new_nats_server(name, server_accounts(topology, passwords)), topology)
    await bus.provision()
    return bus
