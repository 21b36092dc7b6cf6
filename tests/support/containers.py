"""The broker in a container, for machines with a Docker engine (DAKEHU_TEST_NATS=container)."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

# testcontainers' own NATS module waits with a decorator that testcontainers has deprecated.
from testcontainers.core.container import DockerContainer

from deploy.local.processes import free_port, is_answering

NATS_IMAGE = "nats:2.12-alpine"
_CONFIGURATION = "/etc/dakehu-nats.conf"


@dataclass
class ContainerNats:
    """NATS with JetStream in a container; data live in it until `remove`.

    `data` names a folder of the host beside which the configuration is written.
    """

    data: Path
    accounts: str = ""
    port: int = 0
    monitor_port: int = 0
    _container: DockerContainer | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start, or start again with the same ports and data."""
        if self._container is None:
            self._container = self._create()
            self._container.start()
        else:
            self._container.get_wrapped_container().start()
        deadline = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{NATS_IMAGE} did not start: {self._container.get_logs()!r}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop in good order and keep the data."""
        if self._container is not None:
            self._container.get_wrapped_container().stop()

    def kill(self) -> None:
        """kill -9 of the server."""
        if self._container is not None:
            self._container.get_wrapped_container().kill()

    def restart(self) -> None:
        """Stop and start with the same ports and data."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop for good and drop the data."""
        if self._container is not None:
            self._container.stop()
            self._container = None

    @property
    def url(self) -> str:
        """`nats://127.0.0.1:port`, without a user."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        """Where the server tells of its health over HTTP."""
        return f"http://127.0.0.1:{self.monitor_port}"

    def url_for(self, user: str, password: str) -> str:
        """The URL that `user` connects to; nats-py reads no %-escapes, so the password has none."""
        return f"nats://{user}:{password}@127.0.0.1:{self.port}"

    def _create(self) -> DockerContainer:
        self.port, self.monitor_port = free_port(), free_port()
        configuration = self.data.parent / f"{self.data.name}-container.conf"
        configuration.write_text(
            f'host: "127.0.0.1"\nport: {self.port}\nmax_payload: 1MB\n'
            f'http: "127.0.0.1:{self.monitor_port}"\n'
            f'jetstream {{ store_dir: "/data", sync_interval: always, max_file_store: 8GB }}\n'
            f"{self.accounts}\n"
        )
        container = DockerContainer(NATS_IMAGE)
        # On the host's own network: a port of the engine's proxy would accept connections while the
        # server behind it is down, and no outage would look like one.
        container.with_kwargs(network_mode="host")
        container.with_copy_into_container(configuration, _CONFIGURATION)
        container.with_command(["-c", _CONFIGURATION])
        # A configuration may take its passwords from the environment, as an embedded server does.
        container.with_envs(
            **{name: os.environ[name] for name in os.environ if name.endswith("_NATS_PASSWORD")}
        )
        return container

    def _answers(self) -> bool:
        return is_answering(f"{self.monitor_url}/healthz")
