"""The rows that a service puts first into its consumers, and what it adds to them."""

from __future__ import annotations

import pytest

from shared.contracts.registry import CustomerIdentityChanged, OwnershipChanged
from shared.directory import DIRECTORY, directory, identities
from shared.messaging.cloudevents import Fact
from shared.messaging.consumers import Consumers, many
from shared.work import Work
from tests.shared.directory.facts import key, merged
from tests.support.facts import batch


async def test_a_further_row_runs_when_the_projection_is_up_to_date(work: Work) -> None:
    seen = {}

    async def rebuild(work: Work, facts: list[Fact[CustomerIdentityChanged]]) -> None:
        seen.update(await identities.roots(work, [fact.data.customer_key for fact in facts]))

    consumers = Consumers(*directory(many(CustomerIdentityChanged, rebuild)))
    assert len(list(consumers)) == len(DIRECTORY)
    await consumers.dispatch(work, batch(merged("a", "b")))
    assert seen == {key("a"): key("b")}


def test_a_further_row_for_another_event_is_a_mistake() -> None:
    async def handle(work: Work, facts: list[Fact[OwnershipChanged]]) -> None: ...

    with pytest.raises(ValueError, match="further row"):
        directory(many(OwnershipChanged, handle))
