"""Reports about tiers, filtered by what the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.tiering.storage.rows import made_as
from shared.directory.grants import visible
from shared.directory.identities import is_itself, present
from shared.http.paging import Keyset, Page, PageRequest
from shared.work import Work

M = TypeVar("M", bound=BaseModel)

_TIER = """
customer_key, scheme, version, scheme_version, before, after AS tier, rank, is_above_range,
is_override, effective_on, decided_by, proposal_id, score_id, governs
"""
# Valid on a day is the highest version that is effective by then.
_ON_DAY = f"""
SELECT DISTINCT ON (customer_key, scheme) {_TIER} FROM tiers
WHERE effective_on <= :on AND {visible("base", "tiers.customer_key")}
    AND {is_itself("tiers.customer_key")}
"""


async def tiers(
    work: Work, page: PageRequest, kind: type[M], *, scheme: str, on: date, tier: str | None
) -> Page[M]:
    """Every placed customer's tier in a scheme on a day."""
    return await page.read(
        work,
        f"SELECT * FROM ({_ON_DAY} AND scheme = :scheme"
        " ORDER BY customer_key, scheme, version DESC) held"
        " WHERE CAST(:tier AS text) IS NULL OR tier = :tier",
        Keyset("customer_key uuid"),
        made_as(kind),
        scheme=scheme,
        on=on,
        tier=tier,
    )


async def tiers_of(work: Work, customer_key: UUID, on: date) -> Sequence[RowMapping]:
    """One customer's tiers on a day, one row per scheme; a merged one has its survivor's."""
    return await work.rows(
        f"{_ON_DAY} AND tiers.customer_key = {present('CAST(:customer_key AS uuid)')}"
        " ORDER BY customer_key, scheme, version DESC",
        customer_key=customer_key,
        on=on,
    )


async def tier_history(
    work: Work, page: PageRequest, kind: type[M], customer_key: UUID, scheme: str
) -> Page[M]:
    """All versions of one customer's tier in a scheme."""
    return await page.read(
        work,
        f"SELECT {_TIER} FROM tiers WHERE customer_key = :customer_key AND scheme = :scheme"
        f" AND {visible('base', 'tiers.customer_key')}",
        Keyset("version integer"),
        made_as(kind),
        customer_key=customer_key,
        scheme=scheme,
    )


async def distribution(work: Work, scheme: str, on: date) -> Sequence[RowMapping]:
    """How many customers have which tier on a day, the highest tier first."""
    return await work.rows(
        "SELECT tier, rank, CAST(count(*) AS integer) AS customers"
        f" FROM ({_ON_DAY} AND scheme = :scheme ORDER BY customer_key, scheme, version DESC) held"
        " GROUP BY tier, rank ORDER BY rank NULLS LAST, tier",
        scheme=scheme,
        on=on,
    )


async def movers(
    work: Work, page: PageRequest, kind: type[M], *, scheme: str, from_on: date, to_on: date
) -> Page[M]:
    """Customers whose tier on `to_on` differs from the one on `from_on`.

    `in` had none before, `out` has none after; `redefined` has another tier of the same rank.
    """
    held = (
        "SELECT DISTINCT ON (customer_key) customer_key, after, rank, effective_on FROM tiers"
        " WHERE scheme = :scheme AND effective_on <= {day}"
        f" AND {visible('base', 'tiers.customer_key')} AND {is_itself('tiers.customer_key')}"
        " ORDER BY customer_key, version DESC"
    )
    return await page.read(
        work,
        "SELECT now.customer_key, was.after AS before, now.after, now.effective_on,"
        " CASE WHEN was.after IS NULL THEN 'in' WHEN now.after IS NULL THEN 'out'"
        " WHEN now.rank < was.rank THEN 'up' WHEN now.rank > was.rank THEN 'down'"
        " ELSE 'redefined' END AS direction"
        f" FROM ({held.format(day=':to_on')}) now"
        f" LEFT JOIN ({held.format(day=':from_on')}) was USING (customer_key)"
        " WHERE now.after IS DISTINCT FROM was.after",
        Keyset("customer_key uuid"),
        made_as(kind),
        scheme=scheme,
        from_on=from_on,
        to_on=to_on,
    )
