"""Row-level security: a query that forgot to ask shows a caller nothing of other units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.registry.domain.belonging.splits import Share
from services.registry.handlers.cases import open_dispute, rule_dispute
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.handlers.cases.rule_dispute import RuleDispute
from services.registry.storage.tables import metadata
from shared.work import Work
from tests.services.registry.story import acting, approved, managed, signed
from tests.support import cast

OF_CUSTOMERS = [table.name for table in metadata.sorted_tables if "customer_key" in table.c]
_LOOK = "SELECT kit.enter('X', :unit, :today)"


async def rows_seen(work: Work, unit: str) -> dict[str, int]:
    """How many rows of each table people of `unit` see through the reader's role."""
    async with work.savepoint():
        await work.run(_LOOK, {"unit": unit, "today": work.today})
        await work.run("SET LOCAL ROLE dakehu_reader")
        seen = {name: await work.value(f"SELECT count(*) FROM {name}") for name in OF_CUSTOMERS}
        await work.run("RESET ROLE")
    return seen


async def a_whole_story(work: Work) -> None:
    """A customer of Tianhe with managers, a contract, and a dispute with Panyu that was ruled."""
    key = await approved(work)
    await managed(work, key)
    await signed(work, key, "GZ-TH", date(2026, 2, 2))
    claim = OpenDispute(key, acting(cast.CITY_DIRECTOR), ["GZ-PY"], "业务在番禺")
    dispute = await open_dispute.handle(work, claim)
    ruling = RuleDispute(
        *(dispute.dispute_id, acting(cast.CITY_DIRECTOR), 1, "GZ-TH", date(2026, 2, 2), "维持"),
        base=(Share("GZ-TH", Decimal(1)),),
    )
    await rule_dispute.handle(work, ruling)


async def test_another_city_sees_no_row_of_any_table(work: Work) -> None:
    await a_whole_story(work)
    assert dict.fromkeys(OF_CUSTOMERS, 0) == await rows_seen(work, "SZ")


async def test_the_owner_sees_its_rows(work: Work) -> None:
    await a_whole_story(work)
    seen = await rows_seen(work, "GZ-TH")
    for name in ("customers", "declarations", "ownerships", "splits", "managers", "disputes"):
        assert seen[name] > 0, name


async def test_a_party_of_a_dispute_sees_the_case_and_nothing_else(work: Work) -> None:
    await a_whole_story(work)
    seen = await rows_seen(work, "GZ-PY")
    shown = {name for name, count in seen.items() if count}
    assert shown == {"disputes", "dispute_evidence", "dispute_facts", "rulings"}


async def test_the_chain_and_what_nobody_was_matched_with_are_read_by_no_caller(
    work: Work,
) -> None:
    for table in ("declaration_chain", "declaration_chain_head", "observations"):
        allowed = await work.value(
            "SELECT has_table_privilege('dakehu_reader', :table, 'SELECT')", table=table
        )
        assert not allowed, table
