"""python -m services.tiering api | worker | migrate | import | sweep | dead-letters | preset …"""

from __future__ import annotations

from services.tiering.app import SERVICE
from shared.cli import run

run(SERVICE)
