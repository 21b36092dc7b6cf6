"""A service that is nothing but the kit: it notes what it takes, and can be told to fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import MetaData

from shared.contracts.billing import RevenuePosted
from shared.contracts.enterprise import CustomerObserved, RevenueRecorded
from shared.contracts.envelope import Enterprise, Event
from shared.messaging.cloudevents import Fact
from shared.messaging.consumers import Consumers, each, many
from shared.service import Service
from shared.settings import Settings
from shared.work import Work

NAME = "billing"
"""The name of a real publisher, whose subjects it may use."""


@dataclass(slots=True)
class Toy:
    """Takes revenue in batches (one row a ref) and customers one by one.

    Revenue of a customer that has not been observed waits for it. `interfere` is called with every
    fact before it is noted, and may raise or refuse.
    """

    interfere: Callable[[Work, Fact[Event]], None] = field(default=lambda work, fact: None)

    def service(self) -> Service:
        """The service, with this toy's handlers."""
        return Service(
            name=NAME,
            package="tests.support.toy",
            settings=Settings,
            metadata=MetaData(),
            consumers=Consumers(
                each(CustomerObserved, self._observe),
                many(RevenueRecorded, self._take),
                each(RevenuePosted, self._note),
            ),
        )

    async def _take(self, work: Work, facts: list[Fact[RevenueRecorded]]) -> None:
        codes = {fact.data.customer.code or "" for fact in facts}
        await work.refer("customer", codes)
        rows = await work.rows("SELECT code FROM observed WHERE code = ANY(:codes)", codes=[*codes])
        known = {row["code"] for row in rows}
        refused = len(work.refusals)
        for fact in facts:
            self.interfere(work, fact)
            if len(work.refusals) > refused:
                refused = len(work.refusals)
            elif fact.data.customer.code in known:
                await self._note(work, fact)
            else:
                work.wait(fact, "customer", fact.data.customer.code or "")

    async def _observe(self, work: Work, fact: Fact[CustomerObserved]) -> None:
        self.interfere(work, fact)
        await work.settle("customer", [fact.data.ref])
        await work.run(
            "INSERT INTO observed (code) VALUES (:code) ON CONFLICT DO NOTHING",
            {"code": fact.data.ref},
        )
        await self._note(work, fact)

    async def _note(self, work: Work, fact: Fact[Event]) -> None:
        ref = fact.data.ref if isinstance(fact.data, Enterprise) else fact.id
        await work.run("INSERT INTO taken (ref) VALUES (:ref)", {"ref": ref})
