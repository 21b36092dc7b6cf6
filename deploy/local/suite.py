"""The whole suite on one machine: every server, database, service and process, in their order.

This page is to a local start what deploy/compose.yaml is to containers.
"""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from shared.messaging.topology import Topology, permissions, server_accounts

from .environment import Environment, StartFailed
from .folders import ROOT, held, postgres_folder
from .processes import Child, free_port, is_answering
from .servers import EmbeddedNats, EmbeddedPostgres, NatsServer

SERVICES = ("registry", "tiering", "engagement", "billing")
PROCESSES = ("api", "worker")
PRESET = "guangdong-post-2005"
TOPOLOGY = ROOT / "deploy" / "nats" / "topology.yaml"
FIRST_PORT = {"api": 8101, "worker": 8111}
STREAM_BYTES = 1024**3
READY_SECONDS = 90.0
RESTARTS = 5
STOP_SECONDS = 25.0


class Suite:
    """A local start. `with Suite(var) as suite:` goes on when every process is ready.

    `var` keeps data and secrets from one start to the next; `say` hears of progress; `first_port`
    says where ports begin if they are free (None: anywhere); `stream_bytes` is how much either
    stream keeps. An embedded server is left out where
    the environment names another: `BILLING_DATABASE_URL` (and the other three), `NATS_URL` with
    `BILLING_NATS_PASSWORD` and so on.
    """

    def __init__(
        self,
        var: Path,
        *,
        say: Callable[[str], None] = print,
        sweeps: Literal["auto", "manual"] = "auto",
        is_durable: bool = True,
        nats: NatsServer | None = None,
        first_port: Mapping[str, int] | None = FIRST_PORT,
        stream_bytes: int = STREAM_BYTES,
    ) -> None:
        self.var = var
        self.urls: dict[str, str] = {}
        self.children: dict[str, Child] = {}
        self.postgres = EmbeddedPostgres(postgres_folder(var), is_durable=is_durable)
        self.nats: NatsServer = nats or EmbeddedNats(var / "nats")
        self._say = say
        self._sweeps = sweeps
        self._first_port = first_port
        self._stream_bytes = stream_bytes
        self._ports: dict[str, int] = {}
        self._undo = ExitStack()

    def start(self) -> None:
        """Start everything in order. What was started is stopped again if something fails."""
        with self._undo:
            self._undo.enter_context(held(self.var))
            self.environment = Environment(self.var, SERVICES, self._sweeps)
            self._start_postgres()
            self._start_nats()
            self._provision_streams()
            self._prepare_databases()
            self._undo.callback(self.environment_file.unlink, missing_ok=True)
            self.environment.keep(self.environment_file)
            self._undo.callback(self._end_processes)
            for service in SERVICES:
                for process in PROCESSES:
                    self.launch(service, process)
            self.wait_until_ready(self.children)
            self._keep_urls()
            self._undo = self._undo.pop_all()

    def stop(self) -> None:
        """End the services (they finish what they have in hand), then the servers."""
        self._undo.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def environment_file(self) -> Path:
        """What the operators' commands need to know of this start; gone when it has stopped."""
        return self.var / "environment"

    def _start_postgres(self) -> None:
        embedded = [s for s in SERVICES if not self.environment.is_given(_database_url(s))]
        if not embedded:
            return
        self._undo.callback(self.postgres.stop)
        self.postgres.start()
        for service in embedded:
            password = self.environment.secrets.get(f"{service.upper()}_DATABASE_PASSWORD")
            self.postgres.provide(service, password)
            url = self.postgres.url(service, service, password)
            self.environment.choose(_database_url(service), url)
        self._say(f"PostgreSQL: port {self.postgres.port}, {len(embedded)} databases")

    def _start_nats(self) -> None:
        topology = Topology.load(TOPOLOGY)
        users = {user: _nats_password(user) for user in permissions(topology)}
        passwords = {user: self.environment.secrets.get(users[user]) for user in users}
        for user, variable in users.items():
            self.environment.choose(variable, passwords[user])
        if self.environment.is_given("NATS_URL"):
            return
        self._undo.callback(self.nats.stop)
        self.nats.accounts = server_accounts(topology, passwords)
        self.nats.start()
        self.environment.choose("NATS_URL", self.nats.url)
        self._say(f"NATS: port {self.nats.port}, {len(users)} users")

    def _keep_urls(self) -> None:
        """Say where everything is to whoever looks into `var`."""
        urls = {"NATS_URL": self.environment.variables()["NATS_URL"], **self.urls}
        (self.var / "urls.json").write_text(json.dumps(urls, indent=2))

    def _provision_streams(self) -> None:
        self.environment.run(
            *("-m", "shared.messaging.provisioning", "--topology", str(TOPOLOGY)),
            variables={"STREAM_MAX_BYTES": str(self._stream_bytes)},
        )
        self._say("streams and durables: as deploy/nats/topology.yaml says")

    def _prepare_databases(self) -> None:
        self.environment.run("-m", "deploy.local.preparing", PRESET, *SERVICES)
        self._say(f"databases migrated, policies of {PRESET} loaded")

    def launch(self, service: str, process: str) -> Child:
        """Start (again) one process of `service`; `wait_until_ready` waits for it."""
        name = f"{service}-{process}"
        port = self._ports.get(name) or free_port(self._preferred_port(service, process))
        self._ports[name] = port
        variable = "HTTP_PORT" if process == "api" else "METRICS_PORT"
        if process == "api":
            self.urls[service] = f"http://127.0.0.1:{port}"
        self.children[name] = Child.start(
            [self.environment.python, "-m", f"services.{service}", process],
            log=self.var / "log" / f"{name}.log",
            environment=self.environment.variables(**{f"{service.upper()}_{variable}": str(port)}),
            folder=ROOT,
        )
        return self.children[name]

    def _preferred_port(self, service: str, process: str) -> int | None:
        if self._first_port is None:
            return None
        return self._first_port[process] + SERVICES.index(service)

    def wait_until_ready(self, names: Iterable[str]) -> None:
        """Wait for processes by name (`billing-worker`). Raises StartFailed."""
        waiting = list(names)
        deadline = time.monotonic() + READY_SECONDS
        while waiting:
            for name in tuple(waiting):
                child = self.children[name]
                if not child.is_running or time.monotonic() > deadline:
                    raise StartFailed(f"{name} did not get ready:\n{child.last_words()}")
                if is_answering(f"http://127.0.0.1:{self._ports[name]}/health/ready"):
                    waiting.remove(name)
                    self._say(f"{name}: ready")
            time.sleep(0.1)

    def keep_up(self) -> None:
        """Start again what dies, until we are interrupted. Raises StartFailed if that is no use."""
        deaths = Counter[str]()
        while True:
            time.sleep(1)
            for name, child in list(self.children.items()):
                if child.is_running:
                    continue
                deaths[name] += 1
                if deaths[name] > RESTARTS:
                    raise StartFailed(f"{name} keeps dying:\n{child.last_words()}")
                self._say(f"{name} died ({child.process.returncode}); starting it again")
                service, process = name.split("-")
                self.launch(service, process)

    def _end_processes(self) -> None:
        for child in self.children.values():
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            child.end(within_seconds=max(0.1, deadline - time.monotonic()))


def _database_url(service: str) -> str:
    return f"{service.upper()}_DATABASE_URL"


def _nats_password(user: str) -> str:
    return f"{user.upper().replace('-', '_')}_NATS_PASSWORD"
