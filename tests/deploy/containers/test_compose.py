"""deploy/compose.yaml for real: images are built, the suite starts, works, scales and stops.

One story in order, since a start from images takes a minute.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.processes import free_port, is_answering
from shared.auth import DevelopmentIssuer
from tests.architecture.sources import ROOT, SERVICES, tracked

pytestmark = [
    pytest.mark.containers,
    pytest.mark.skipif(
        not os.environ.get("DAKEHU_TEST_COMPOSE"),
        reason="needs a Docker engine and DAKEHU_TEST_COMPOSE=1",
    ),
]
READY_SECONDS = 120


@dataclass
class Compose:
    """docker-compose on a copy of the project with secrets and ports of its own."""

    folder: Path
    name: str
    ports: dict[str, int]

    def run(self, *arguments: str) -> str:
        """Run docker-compose; what it prints."""
        program = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
        command = [*program, "-p", self.name, "-f", "deploy/compose.yaml", *arguments]
        ports = {f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        done = subprocess.run(
            command,
            cwd=self.folder,
            # The stand-in engine of a test machine has no BuildKit.
            env={**os.environ, **ports, "DOCKER_BUILDKIT": "0", "COMPOSE_DOCKER_CLI_BUILD": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        if done.returncode and arguments[0] == "up":
            said += self.run("logs", "--no-color", "--tail", "30")
        assert done.returncode == 0, f"{command}\n{said}"
        return done.stdout

    def containers(self, service: str) -> list[dict[str, object]]:
        """What the engine knows of the containers of one compose service."""
        ids = self.run("ps", "-a", "-q", service).split()
        return [_inspect(each) for each in ids]

    def wait_until_healthy(self, service: str, count: int = 1) -> None:
        """Until `count` containers of `service` are healthy."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            states = [_health(each) for each in self.containers(service)]
            if states == ["healthy"] * count:
                return
            assert time.monotonic() < deadline, f"{service}: {states}\n{self.run('logs', service)}"
            time.sleep(1)


def _inspect(name: str) -> dict[str, object]:
    done = subprocess.run(["docker", "inspect", name], check=True, capture_output=True)
    inspected: dict[str, object] = json.loads(done.stdout)[0]
    return inspected


def _health(container: dict[str, object]) -> str:
    state = container["State"]
    assert isinstance(state, dict)
    health = state.get("Health")
    return str(health["Status"]) if health else str(state["Status"])


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """The suite from its images, started; removed with its data in the end."""
    folder = tmp_path_factory.mktemp("compose")
    for name, text in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        shutil.copymode(ROOT / name, folder / name)
    _trust_the_proxy_of_this_machine(folder)
    subprocess.run([sys.executable, "-m", "deploy.environment"], cwd=folder, check=True)
    ports = {service: free_port() for service in SERVICES}
    suite = Compose(folder, f"dakehutest{os.getpid()}", ports)
    try:
        # The three parts of a service and the provisioner share one image.
        suite.run("build", *(f"{service}-migrate" for service in SERVICES))
        suite.run("up", "-d", "--no-build")
        yield suite
    finally:
        suite.run("down", "-v", "--remove-orphans", "-t", "1")


def _trust_the_proxy_of_this_machine(folder: Path) -> None:
    authority = os.environ.get("PIP_CERT")
    if authority:
        shutil.copy(authority, folder / "deploy/certificates/site.pem")


def test_every_api_and_worker_gets_healthy(compose: Compose) -> None:
    for service in SERVICES:
        compose.wait_until_healthy(f"{service}-api")
        compose.wait_until_healthy(f"{service}-worker")
        assert is_answering(f"http://127.0.0.1:{compose.ports[service]}/health/ready")


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_its_own_service_only_and_is_not_root(
    compose: Compose, service: str
) -> None:
    command = ["docker", "run", "--rm", "--entrypoint", "/bin/sh", f"dakehu/{service}", "-c"]
    listed = subprocess.run(
        [*command, "ls services; id -u"], check=True, capture_output=True, text=True
    )
    assert listed.stdout.split() == ["__init__.py", "__pycache__", service, "10001"]


def test_a_fact_of_registry_reaches_billing(compose: Compose) -> None:
    people = "deploy/local/people"
    for kind in ("units", "staff"):
        registry = str(compose.containers("registry-api")[0]["Id"])
        file = compose.folder / people / f"{kind}.csv"
        subprocess.run(["docker", "cp", file, f"{registry}:/tmp/{kind}.csv"], check=True)
        compose.run(
            *("exec", "-T", "registry-api", "python", "-m", "services.registry"),
            *("import", kind, f"/tmp/{kind}.csv"),
        )
    token = _mint(compose.folder)
    url = f"http://127.0.0.1:{compose.ports['billing']}/v1/policies"
    deadline = time.monotonic() + 30
    while _status(url, token) != 200:
        assert time.monotonic() < deadline, "billing never confirmed the director of registry"
        time.sleep(0.5)


def _mint(folder: Path) -> str:
    issuer = DevelopmentIssuer(folder / "deploy/keys")
    return issuer.mint("P002", "GD", ["director"], datetime.now(UTC))


def _status(url: str, token: str) -> int:
    request = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_worker_is_scaled_to_two(compose: Compose) -> None:
    compose.run(
        "up", "-d", "--no-build", "--scale", "billing-worker=2", "--no-recreate", "billing-worker"
    )
    compose.wait_until_healthy("billing-worker", count=2)


def test_processes_leave_in_good_order_when_told_to(compose: Compose) -> None:
    names = [f"{service}-{process}" for service in SERVICES for process in ("api", "worker")]
    compose.run("stop", "-t", "30", *names)
    for name in names:
        for container in compose.containers(name):
            state = container["State"]
            assert isinstance(state, dict)
            assert state["ExitCode"] == 0, f"{name}: {state}\n{compose.run('logs', name)[-2000:]}"
