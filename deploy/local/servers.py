"""A real PostgreSQL and a real NATS from Python wheels, for a machine that has nothing else.

Both listen on a free port of the loopback, keep their data where they are told, and can be stopped,
killed and started again on the same port and data: the launcher and the tests use the same classes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import quote

import psycopg

from .binaries import ServerFailed, nats_binary, postgres_binaries
from .processes import Child, free_port, is_answering, is_root

# PostgreSQL refuses to run as root, so root lends it an account that owns nothing.
_UNPRIVILEGED = "nobody"
_START_SECONDS = 60.0
_SERVICE_SQL = Path(__file__).parents[1] / "postgres" / "service.sql"


@dataclass
class EmbeddedPostgres:
    """A PostgreSQL cluster in `data`, made when missing, owned by superuser `postgres`.

    `is_durable=False` is for data that nobody keeps: a commit then survives the death of the
    server (kill -9) but not of the machine. `synchronous_commit` stays on for that very reason.
    """

    data: Path
    major: Literal[16, 18] = 18
    is_durable: bool = True
    port: int = 0
    _child: Child | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start serving, on the same port as before if this object has served before.

        Raises ServerFailed with the end of the server's log.
        """
        if self._child is not None and self._child.is_running:
            return
        binaries = postgres_binaries(self.major)
        self._make_cluster(binaries)
        self._wait_for_predecessor()
        self.port = self.port or free_port()
        self._child = Child.start(
            [binaries / "postgres", "-D", self.data, "-p", str(self.port), *self._settings()],
            log=self._beside("log"),
            user=_UNPRIVILEGED if is_root() else None,
            folder=self.data,
            farewell=signal.SIGINT,
        )
        _wait_until(self._answers, self._child, "PostgreSQL")

    def stop(self) -> None:
        """Stop in good order: open transactions are rolled back, everything is on disk."""
        if self._child is not None:
            self._child.end(signal.SIGINT)
            self._child = None

    def kill(self) -> None:
        """kill -9 of the server and all that it started; what was committed is recovered."""
        if self._child is not None:
            os.killpg(self._child.process.pid, signal.SIGKILL)
            self._child.kill()
            self._child = None

    def restart(self) -> None:
        """Stop and start on the same port and data."""
        self.stop()
        self.start()

    @property
    def password(self) -> str:
        """The superuser's password, kept beside the data, readable by us alone."""
        return self._beside("password").read_text().strip()

    def url(
        self, database: str = "postgres", user: str = "postgres", password: str | None = None
    ) -> str:
        """`postgresql://…` of `database` for `user` (the superuser unless said otherwise)."""
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def provide(self, service: str, password: str) -> None:
        """Make the role and the database of `service`, as deploy/postgres/service.sql says."""
        done = subprocess.run(
            [
                *(postgres_binaries(self.major) / "psql", "-X", "-v", "ON_ERROR_STOP=1"),
                *("-f", _SERVICE_SQL, self.url()),
            ],
            env={"SERVICE": service, "PASSWORD": password},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerFailed(f"no database for {service}:\n{done.stderr}")

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.is_durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
        return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def _make_cluster(self, binaries: Path) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.data.chmod(0o700)
        password = self._beside("password")
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        if is_root():
            # initdb reads the password as the unprivileged account, which owns the data.
            shutil.chown(self.data, _UNPRIVILEGED)
            shutil.chown(password, _UNPRIVILEGED)
        made = subprocess.run(
            [
                *(binaries / "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8"),
                *("--no-locale", "--auth=scram-sha-256", f"--pwfile={password}"),
                *("--no-sync", "--no-instructions"),
            ],
            user=_UNPRIVILEGED if is_root() else None,
            extra_groups=[] if is_root() else None,
            cwd=self.data,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise ServerFailed(f"initdb could not make {self.data}:\n{made.stderr}{made.stdout}")

    def _wait_for_predecessor(self) -> None:
        """Give a server whose launcher has just died the time to end (its leash sees to that).

        One that is still wanted stays, and PostgreSQL then refuses to start a second.
        """
        lock = self.data / "postmaster.pid"
        deadline = time.monotonic() + 3
        while lock.exists() and time.monotonic() < deadline:
            try:
                os.kill(int(lock.read_text().split("\n", 1)[0]), 0)
            except (ProcessLookupError, FileNotFoundError, ValueError):
                return
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _beside(self, suffix: str) -> Path:
        return self.data.parent / f"{self.data.name}.{suffix}"


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
        _wait_until(self._answers, self._child, "NATS")

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


def _wait_until(answers: Callable[[], bool], child: Child, name: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers():
        if not child.is_running or time.monotonic() > deadline:
            child.kill()
            raise ServerFailed(f"{name} did not start:\n{child.last_words()}")
        time.sleep(0.05)
