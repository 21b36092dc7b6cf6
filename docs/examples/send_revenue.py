"""Sends one revenue fact as the ERP would: plain nats-py, nothing of Dakehu.

NATS_URL and ERP_NATS_PASSWORD say where and as whom; a local start keeps both in var/.
"""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import nats


def kept(file: str) -> dict[str, str]:
    """What a local start keeps in var/."""
    return dict(json.loads(Path("var", file).read_text()))


NOW = datetime.now(UTC)
FACT = {
    "specversion": "1.0",
    "id": "revenue-R-2026-000123",
    "source": "/erp",
    "type": "enterprise.revenue_recorded.v1",
    "time": NOW.isoformat(),
    "data": {
        "ref": "R-2026-000123",
        "customer": {"system": "erp", "code": "C-88213"},
        "business_line": "函件",
        "amount": {"amount": "1234.56", "currency": "CNY"},
        "occurred_on": NOW.date().isoformat(),
    },
}
HEADERS = {"Nats-Msg-Id": f"erp/{FACT['id']}", "content-type": "application/cloudevents+json"}


async def main() -> None:
    """Publish the fact and say where it was stored."""
    client = await nats.connect(
        os.environ.get("NATS_URL") or kept("urls.json")["NATS_URL"],
        user="erp",
        password=os.environ.get("ERP_NATS_PASSWORD") or kept("secrets.json")["ERP_NATS_PASSWORD"],
        inbox_prefix=b"_INBOX_erp",
    )
    body = json.dumps(FACT, ensure_ascii=False).encode()
    stored = await client.jetstream().publish(
        "enterprise.erp.revenue_recorded.v1", body, headers=HEADERS
    )
    sys.stdout.write(f"stored in {stored.stream} as message {stored.seq}\n")
    await client.close()


asyncio.run(main())
