"""A PostgreSQL of our own."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import psycopg

from deploy.local.binaries import ServerFailed, postgres_binaries
from deploy.local.processes import Child, free_port, is_root
from deploy.local.servers.waiting import wait_until

# PostgreSQL refuses to run as root, so root lends it an account that owns nothing.
_UNPRIVILEGED = "nobody"
_SERVICE_SQL = Path(__file__).parents[2] / "postgres" / "service.sql"


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
        wait_until(self._answers, self._child, "PostgreSQL")

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
