"""`python -m deploy.local.preparing PRESET SERVICE…`: migrate and load policies, in one process.

The same as `migrate` and `preset load` of each service, without starting Python for each of them.
"""

from __future__ import annotations

import asyncio
import importlib
import sys

from shared import presets
from shared.migrations.run import upgrade
from shared.service import Service, runtime
from shared.settings import Settings


async def _load(service: Service, settings: Settings, preset: str) -> None:
    shipped = presets.shipped(service.package, preset, service.policies)
    async with runtime(service, settings, "prepare") as process, process.works.begin() as work:
        await presets.load(work, shipped)


def prepare(name: str, preset: str) -> None:
    """Bring the database of the service called `name` to its newest state, with its policies."""
    service: Service = importlib.import_module(f"services.{name}.app").SERVICE
    settings = service.settings()
    upgrade(settings.sqlalchemy_url, service.package)
    if preset in presets.names(service.package):
        asyncio.run(_load(service, settings, preset))


if __name__ == "__main__":
    for each in sys.argv[2:]:
        prepare(each, sys.argv[1])
