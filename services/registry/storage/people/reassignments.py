"""Which customers a bulk reassignment means, and what the people have already (X-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.people.reassignments import Account
from services.registry.domain.people.succession import Bridge, Pair
from services.registry.storage.reports import OWNED_BY
from shared.directory.grants import visible
from shared.work import Work

_UNIT = """
(SELECT s.unit FROM kit.staff_states s WHERE s.staff_code = {0} AND s.effective_on <= :today
 ORDER BY s.version DESC LIMIT 1)
"""

_ACCOUNTS = f"""
SELECT * FROM (
    SELECT m.customer_key, m.version, m.a_staff_code, m.b_staff_code, m.lead_staff_code,
           c.joint_units, {OWNED_BY} AS owner_unit,
           {_UNIT.format("m.lead_staff_code")} AS lead_unit,
           {_UNIT.format("m.a_staff_code")} AS a_unit, {_UNIT.format("m.b_staff_code")} AS b_unit,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(r.bridge, r.bridge_until)), '[]')
            FROM rotations r WHERE r.customer_key = m.customer_key AND r.state = 'accepted'
                AND r.bridge IS NOT NULL AND r.bridge_until >= :today) AS bridges
    FROM managers m JOIN customers c USING (customer_key)
    WHERE c.closed_on IS NULL AND m.lead_staff_code IS NOT NULL
        AND {visible("base", "c.customer_key")}
        AND (CAST(:staff_code AS text) IS NULL
             OR :staff_code IN (m.a_staff_code, m.b_staff_code))
        AND (CAST(:division_code AS text) IS NULL OR c.division_code = :division_code)
        AND (CAST(:tier AS text) IS NULL OR EXISTS (
            SELECT FROM (SELECT DISTINCT ON (scheme) scheme, tier FROM tiers t
                         WHERE t.customer_key = c.customer_key AND t.effective_on <= :today
                         ORDER BY scheme, version DESC) held
            WHERE held.tier = :tier AND held.scheme = coalesce(:scheme, held.scheme)))
        AND (CAST(:customer_keys AS uuid[]) IS NULL OR c.customer_key = ANY (:customer_keys))
) meant
WHERE (CAST(:owner_unit AS text) IS NULL OR owner_unit = :owner_unit)
    AND (CAST(:unit AS text) IS NULL OR :unit IN (a_unit, b_unit))
ORDER BY customer_key LIMIT :most
"""

_LOADS = """
SELECT code,
       (SELECT count(*) FROM managers m JOIN customers c USING (customer_key)
        WHERE m.lead_staff_code = code AND c.closed_on IS NULL) AS leads,
       (SELECT count(*) FROM managers m JOIN customers c USING (customer_key)
        WHERE code IN (m.a_staff_code, m.b_staff_code)
            AND m.lead_staff_code IS DISTINCT FROM code AND c.closed_on IS NULL) AS supports
FROM unnest(CAST(:codes AS text[])) AS code
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Whose customers are meant: a person's, a unit's people's, or those of a filter."""

    staff_code: str | None = None
    unit: str | None = None
    owner_unit: str | None = None
    division_code: str | None = None
    scheme: str | None = None
    tier: str | None = None
    customer_keys: tuple[UUID, ...] | None = None


async def accounts(work: Work, selection: Selection, most: int) -> list[Account]:
    """Up to `most` living customers in the caller's sight that the selection means, by key.

    Who hands over is the person named, or whoever of the two works in the unit, the lead first;
    for a filter it is the lead.
    """
    keys = selection.customer_keys
    rows = await work.rows(
        _ACCOUNTS,
        staff_code=selection.staff_code,
        unit=selection.unit,
        owner_unit=selection.owner_unit,
        division_code=selection.division_code,
        scheme=selection.scheme,
        tier=selection.tier,
        customer_keys=None if keys is None else list(keys),
        today=work.today,
        most=most,
    )
    return [_account(row, selection) for row in rows]


async def loads(work: Work, staff_codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many living customers each person leads and supports."""
    rows = await work.rows(_LOADS, codes=sorted(set(staff_codes)))
    return {row["code"]: (row["leads"], row["supports"]) for row in rows}


def _account(row: RowMapping, selection: Selection) -> Account:
    pair, lead = Pair(row["a_staff_code"], row["b_staff_code"]), row["lead_staff_code"]
    leaver = selection.staff_code or lead
    if selection.staff_code is None and selection.unit not in (None, row["lead_unit"]):
        leaver = pair.partner_of(lead) or lead
    return Account(
        customer_key=row["customer_key"],
        managers_version=row["version"],
        pair=pair,
        leaver=leaver,
        is_led=leaver == lead,
        home=(row["owner_unit"], *row["joint_units"]),
        bridges=tuple(
            Bridge(code, date.fromisoformat(until_on)) for code, until_on in row["bridges"]
        ),
    )
