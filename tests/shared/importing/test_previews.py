"""The service is asked about events before they are sent, while it takes others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import psycopg

from shared.contracts.enterprise import CustomerOpened
from shared.importing.checks import outgoing
from shared.importing.extraction import Entry
from shared.importing.previews import Opinion, Preview, Said
from shared.importing.problems import Reason, RemarksFile
from shared.importing.sinks import Ready
from shared.service import Runtime
from shared.work import Work

_TAKEN = """
INSERT INTO kit.fates (system, type, ref, event_id, digest, state, decided_at)
VALUES ('erp', 'customer_opened', %s, %s, '', 'accepted', now())
"""


async def test_what_is_taken_while_somebody_looks_is_known_and_not_refused(
    process: Runtime, database: str, tmp_path: Path
) -> None:
    """A broken import's events are on their way still: the look meets what they have become."""
    batch = [ready(process, code) for code in ("K-1", "K-2")]

    async def look(work: Work, said: Sequence[Said]) -> list[Opinion]:
        assert batch[0].outgoing is not None
        with psycopg.connect(database) as connection:
            connection.execute(_TAKEN, ("K-1", batch[0].outgoing.event_id))
        return [Reason("已在册", "in the register already") for _ in said]

    with RemarksFile(tmp_path / "remarks.csv") as remarks:
        found = await Preview(process.works, look, "erp", remarks).take(batch)
    assert (found.good, found.before) == ([], [batch[0]])
    assert [entry for entry, _ in found.refused] == [batch[1].entry]


def ready(process: Runtime, code: str) -> Ready:
    """A customer of a file, as it would be sent."""
    event = CustomerOpened(
        ref=code,
        code=code,
        name=f"客户{code}",
        division_code="440106",
        owner_unit="GZ",
        opened_on=date(2024, 1, 1),
        opening=True,
    )
    entry = Entry("customer_opened", event, None, None, {})
    return Ready(entry, outgoing(event, "erp", process.works.clock.now()))
