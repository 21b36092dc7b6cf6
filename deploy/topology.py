"""Writes deploy/nats/topology.yaml from the four services' tables and the grants of systems.

python -m deploy.topology write | check
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import yaml

from shared.contracts.catalogue import SERVICES
from shared.messaging.topology import Topology, derive

NATS = Path(__file__).parent / "nats"
TOPOLOGY = NATS / "topology.yaml"


def current() -> Topology:
    """The topology that the code says now."""
    services = [import_module(f"services.{name}.app").SERVICE for name in SERVICES]
    grants = yaml.safe_load((NATS / "systems.yaml").read_text(encoding="utf-8"))
    return derive(services, grants)


def main(command: str) -> int:
    """`write` the file, or `check` that it is fresh; returns the exit code."""
    wanted = current().as_yaml()
    if command == "write":
        TOPOLOGY.write_text(wanted, encoding="utf-8")
        return 0
    if TOPOLOGY.exists() and TOPOLOGY.read_text(encoding="utf-8") == wanted:
        return 0
    sys.stderr.write(f"{TOPOLOGY.name} 已过期 / is stale: make contracts\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
