"""python -m services.billing api | worker | migrate | import | sweep | dead-letters | preset …"""

from __future__ import annotations

from shared.cli import run

from .app import SERVICE

run(SERVICE)
