"""`python -m deploy.topology write | check`: who sends and takes what, for provisioner and NATS.

Written from the services' tables and from deploy/nats/systems.yaml:

    deploy/nats/topology.yaml   streams and durables, for the provisioner
    deploy/nats/users.conf      one NATS user each with exact permissions; the passwords are
                                variables of the server's environment, never in the file
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from pathlib import Path

import yaml

from shared.messaging.topology import Topology, derive, permissions, server_accounts
from shared.service import Service

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("registry", "tiering", "engagement", "billing")
SYSTEMS = Path("deploy/nats/systems.yaml")
TOPOLOGY = Path("deploy/nats/topology.yaml")
USERS = Path("deploy/nats/users.conf")


def password_variable(user: str) -> str:
    """The environment variable that holds the password of a NATS user: `BANK_NATS_PASSWORD`."""
    return f"{user.upper().replace('-', '_')}_NATS_PASSWORD"


def documents(root: Path) -> dict[Path, str]:
    """Both files under `root` with their right content. Raises ValueError for an unknown event."""
    systems = yaml.safe_load((root / SYSTEMS).read_text(encoding="utf-8"))
    topology = derive([_service(name) for name in SERVICES], systems)
    return {root / TOPOLOGY: topology.as_yaml(), root / USERS: users(topology)}


def users(topology: Topology) -> str:
    """The `authorization` block for a NATS configuration that includes it."""
    variables = {user: f"${password_variable(user)}" for user in permissions(topology)}
    block = server_accounts(topology, variables)
    # Unquoted, so that the server reads the variable and not a password that begins with "$".
    unquoted = re.sub(r'password: "(\$\w+)"', r"password: \1", block)
    return f"# Written by `make contracts` from topology.yaml.\n{unquoted}"


def stale(root: Path) -> list[Path]:
    """The files under `root` that do not say what they should."""
    return [
        file
        for file, text in documents(root).items()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    ]


def _service(name: str) -> Service:
    service = importlib.import_module(f"services.{name}.app").SERVICE
    assert isinstance(service, Service)
    return service


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when a file is not fresh."""
    parser = argparse.ArgumentParser(prog="python -m deploy.topology")
    parser.add_argument("action", choices=("write", "check"))
    action = parser.parse_args(arguments).action
    outdated = stale(ROOT)
    if action == "write":
        for file in outdated:
            file.write_text(documents(ROOT)[file], encoding="utf-8")
            sys.stdout.write(f"{file.relative_to(ROOT)}\n")
        return 0
    for file in outdated:
        sys.stderr.write(f"not fresh, run make contracts: {file.relative_to(ROOT)}\n")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
