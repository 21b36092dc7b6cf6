"""Scores as they are kept, and tiers that stand already."""

from __future__ import annotations

from typing import Any

from shared.work import Work
from tests.services.tiering.stories import POST_2012
from tests.support import cast as people

ELECTRONICS, INSURER, POLICE = people.ELECTRONICS, people.INSURER, people.TRAFFIC_POLICE


async def stored(work: Work) -> dict[str, Any]:
    rows = await work.rows(
        "SELECT DISTINCT ON (customer_key) customer_key, version, raw, shown, tier,"
        " explanation FROM scores ORDER BY customer_key, version DESC"
    )
    return {str(row["customer_key"]): row for row in rows}


async def _place(work: Work, customer: people.Customer, tier: str) -> None:
    await work.run(
        "INSERT INTO tiers (customer_key, scheme, version, scheme_version, after,"
        " is_above_range, is_override, effective_on, decided_by, proposal_id, score_id, governs,"
        " policy_name, policy_version, as_of, recorded_at) VALUES (:key, :scheme, 1, 1, :tier,"
        " false, false, '2023-01-01', 'P006', :key, :key, '[]', 'tier-changes', 1,"
        " '2023-01-01', :now)",
        {"key": customer.key, "scheme": POST_2012, "tier": tier, "now": work.now},
    )
