"""`python -m services.registry api | worker | migrate | import | sweep | republish | …`"""

from __future__ import annotations

from services.registry.app import SERVICE
from shared.cli import run

run(SERVICE)
