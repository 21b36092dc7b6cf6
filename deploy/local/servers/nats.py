"""A NATS of our own, and what one in a container has in common with it."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from deploy.local.binaries import nats_binary
from deploy.local.processes import Child, free_port, is_answering
from deploy.local.servers.waiting import wait_until


class NatsServer(Protocol):
    """What a local start and tests ask of the broker, embedded or in a container."""

    accounts: str
    port: int

    @property
    def url(self) -> str: ...

    @property
    def monitor_url(self) -> str: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def kill(self) -> None: ...

    def restart(self) -> None: ...

    def remove(self) -> None: ...

    def url_for(self, user: str, password: str) -> str: ...


@dataclass
class EmbeddedNats:
    """A NATS server with JetStream in `data`.

    `accounts` is a piece of server configuration (an `authorization { … }` or `accounts { … }`
    block); without it everybody may do everything, which only a test wants.
    """

    data: Path
    accounts: str = ""
    max_store_bytes: int = 8 * 1024**3
    port: int = 0
    monitor_port: int = 0
    _child: Child | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start serving, on the same ports as before if this object has served before.

        Raises ServerFailed with the end of the server's log.
        """
        if self._child is not None and self._child.is_running:
            return
        self.port = self.port or free_port()
        self.monitor_port = self.monitor_port or free_port()
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        configuration = self.data.parent / f"{self.data.name}.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration())
        self._child = Child.start(
            [nats_binary(), "-c", configuration], log=self.data.parent / f"{self.data.name}.log"
        )
        wait_until(self._answers, self._child, "NATS")

    def stop(self) -> None:
        """Stop in good order (lame duck skipped: the services are told first)."""
        if self._child is not None:
            self._child.end(signal.SIGTERM)
            self._child = None

    def kill(self) -> None:
        """kill -9; what was acknowledged is on disk, since every write is synced."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def restart(self) -> None:
        """Stop and start on the same ports and data."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop for good and drop the data."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    @property
    def url(self) -> str:
        """`nats://127.0.0.1:port`, without a user."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        """Where the server tells of its health, connections and streams over HTTP."""
        return f"http://127.0.0.1:{self.monitor_port}"

    def url_for(self, user: str, password: str) -> str:
        """The URL that `user` connects to; nats-py reads no %-escapes, so the password has none."""
        return f"nats://{user}:{password}@127.0.0.1:{self.port}"

    def _configuration(self) -> str:
        return (
            f'host: "127.0.0.1"\nport: {self.port}\n'
            f'http: "127.0.0.1:{self.monitor_port}"\n'
            f"max_payload: 1MB\n"
            # The default loses acknowledged messages when the power goes.
            f'jetstream {{\n  store_dir: "{self.data}"\n  sync_interval: always\n'
            f"  max_file_store: {self.max_store_bytes}\n}}\n"
            f"{self.accounts}\n"
        )

    def _answers(self) -> bool:
        return is_answering(f"{self.monitor_url}/healthz")
