"""Many workers at a time, as replicas compete for what comes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.billing.consumers import CONSUMERS
from shared.contracts.envelope import Event
from shared.messaging.trouble import is_transient
from shared.service import Runtime
from tests.services.billing.books import as_fact


async def work_off(process: Runtime, lanes: Sequence[Sequence[Sequence[Event]]]) -> None:
    """Take the portions of every lane in turn, all lanes at the same time, each portion committed.

    Trouble that passes, such as a deadlock, means once more.
    """

    async def lane(portions: Sequence[Sequence[Event]]) -> None:
        for portion in portions:
            for patience in range(20):
                if await _took(process, portion):
                    break
                await asyncio.sleep(0.05 * patience)

    await asyncio.gather(*(lane(portions) for portions in lanes))


async def _took(process: Runtime, portion: Sequence[Event]) -> bool:
    try:
        async with process.works.begin() as work:
            await CONSUMERS.dispatch(work, [as_fact(event) for event in portion])
    except Exception as error:
        if not is_transient(error):
            raise
        return False
    return True
