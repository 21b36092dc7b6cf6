"""python -m services.engagement api | worker | migrate | import | sweep | dead-letters …"""

from __future__ import annotations

from services.engagement.app import SERVICE
from shared.cli import run

run(SERVICE)
