"""What is kept of registry is the same whatever came first, twice or in which batch."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.envelope import Entity, Published
from shared.contracts.registry import Aspect, CustomerState, StaffChanged, StaffState
from shared.directory import DIRECTORY
from shared.messaging.consumers import Consumers
from shared.work import Work
from tests.shared.directory.facts import DAY, customer, merged, scope, unit
from tests.support.facts import batch

_STAFF = [
    StaffChanged(
        entity=Entity(type="staff", id="S1", version=version),
        staff_code="S1",
        unit=code,
        roles=("account_manager",),
        state=StaffState.ACTIVE,
        on=DAY,
    )
    for version, code in ((1, "GZ"), (2, "SZ"))
]
STORY: tuple[Published, ...] = (
    *(unit("GD", None), unit("GZ", "GD"), unit("SZ", "GD"), unit("TH", "SZ"), unit("TH", "GZ", 2)),
    unit("GZ", "GD", 2, name="广州"),
    *_STAFF,
    customer("a", 1, state=CustomerState.DECLARED, codes=("C-1",)),
    customer("a", 2, codes=("C-1", "C-2")),
    customer("a", 3, codes=("C-2",), customer_id="44010000001000"),
    customer("b", 1, codes=("C-9",)),
    customer("b", 2, codes=("C-9", "C-1")),
    customer("c", 1),
    *(merged("a", "b"), merged("b", "c"), merged("c", "a"), merged("c", None, 2)),
    *(scope("a", 1, ("GZ", Aspect.BASE), ("SZ", Aspect.BASE)), scope("a", 2, ("GZ", Aspect.BASE))),
    *(scope("b", 1, ("SZ", Aspect.MONEY)), scope("b", 2)),
)
_KEPT = (
    "units",
    "unit_closure",
    "staff_states",
    "customers",
    "customer_codes",
    "identities",
    "scopes",
    "grants",
)


async def _play(work: Work, batches: Sequence[Sequence[Published]]) -> dict[str, list[str]]:
    async with work.connection.begin_nested() as told:
        for events in batches:
            await Consumers(*DIRECTORY).dispatch(work, batch(*events))
        kept = {}
        for table in _KEPT:
            rows = await work.rows(f"SELECT t::text AS row FROM kit.{table} t")
            kept[table] = sorted(row["row"] for row in rows)
        await told.rollback()
    return kept


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_any_order_any_repetition_and_any_batches_give_the_same(
    work: Work, data: st.DataObject
) -> None:
    expected = await _play(work, [STORY])
    repeated = data.draw(st.lists(st.sampled_from(STORY), max_size=5))
    shuffled = data.draw(st.permutations([*STORY, *repeated]))
    size = data.draw(st.integers(1, len(shuffled)))
    batches = [shuffled[at : at + size] for at in range(0, len(shuffled), size)]
    assert await _play(work, batches) == expected
