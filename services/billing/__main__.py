"""python -m services.billing api | worker | migrate | import | sweep | dead-letters | preset …"""

from __future__ import annotations

from services.billing.app import SERVICE
from shared.cli import run

run(SERVICE)
