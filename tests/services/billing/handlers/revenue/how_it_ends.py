"""What tests of sharing ask of the books after facts came, in one order or in many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from shared.contracts.envelope import Event
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import take, unit_revenue


async def kept(work: Work) -> dict[str, Any]:
    """By ref: the rule that decided, its version, and what of the posting keeps the base."""
    rows = await work.rows("SELECT ref, rule, terms_version, base FROM postings")
    return {row["ref"]: (row["rule"], row["terms_version"], row["base"]) for row in rows}


async def ends(process: Runtime, facts: Sequence[Event], every: int = 1) -> list[Any]:
    """How the books end after the facts in many orders, each fact delivered twice."""
    found = []
    for order in list(permutations(facts))[::every]:
        async with process.works.begin() as work:
            savepoint = await work.connection.begin_nested()
            for fact in order:
                await take(work, fact, fact)
            found.append((await unit_revenue(work), await kept(work)))
            await savepoint.rollback()
            work._collected = type(work._collected)()
    return found
