"""Which files are due for an update, by the tiers of their customers (R-67)."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from uuid import UUID

from services.registry.domain.archive.freshness import ArchiveFreshness, Lapse
from shared.work import Work

RHYTHMS = """
SELECT a.customer_key, a.opened_on, a.updated_on, a.custodian,
       coalesce(a.updated_on, a.opened_on) AS counted_from_on,
       coalesce(by_tier.months, CAST(:otherwise AS integer)) AS months
FROM archives a JOIN customers c ON c.customer_key = a.customer_key
LEFT JOIN LATERAL (
    SELECT min(rule.months) AS months
    FROM (SELECT DISTINCT ON (scheme) scheme, tier FROM tiers
          WHERE tiers.customer_key = a.customer_key AND effective_on <= :on
          ORDER BY scheme, version DESC) held
    JOIN unnest(CAST(:schemes AS text[]), CAST(:tiers AS text[]), CAST(:months AS integer[]))
        AS rule (scheme, tier, months) ON rule.scheme = held.scheme AND rule.tier = held.tier
) by_tier ON true
WHERE (c.closed_on IS NULL OR c.closed_on > :on)
"""
"""Every living file with its period in months on the day :on; NULL where nothing says."""

DUE = f"""
SELECT r.*, CAST(r.counted_from_on + make_interval(months => r.months) AS date) AS due_on
FROM ({RHYTHMS}) r
"""
"""As RHYTHMS, with the last day on which an update is in time."""

_NOTICE = f"""
INSERT INTO archive_overdue_notices AS told
    (customer_key, counted_from_on, version, months, due_on, noticed_on, updated_on, custodian,
     policy_version, recorded_at)
SELECT d.customer_key, d.counted_from_on,
       1 + (SELECT count(*) FROM archive_overdue_notices earlier
            WHERE earlier.customer_key = d.customer_key),
       d.months, d.due_on, :on, d.updated_on, d.custodian, :policy_version, :now
FROM ({DUE}) d
WHERE d.due_on < :on AND d.opened_on <= :on
ORDER BY d.customer_key
ON CONFLICT (customer_key, counted_from_on) DO NOTHING
RETURNING customer_key, counted_from_on, version, months, due_on, noticed_on, updated_on, custodian
"""


def parameters(policy: ArchiveFreshness, on: date) -> dict[str, object]:
    """What RHYTHMS and DUE ask for."""
    rules = policy.rules()
    return {
        "schemes": [scheme for scheme, _, _ in rules],
        "tiers": [tier for _, tier, _ in rules],
        "months": [months for _, _, months in rules],
        "otherwise": policy.otherwise_months,
        "on": on,
    }


async def notice(
    work: Work, policy: ArchiveFreshness, policy_version: int, on: date
) -> list[Lapse]:
    """Keep a notice for every file that has lapsed by `on` and was not noticed yet, by key.

    One lapse is noticed once, however often it is asked for; the next update begins another.
    """
    rows = await work.rows(
        _NOTICE, **parameters(policy, on), policy_version=policy_version, now=work.now
    )
    return sorted((Lapse(**row) for row in rows), key=lambda lapse: lapse.customer_key)


async def noticed(work: Work, customer_key: UUID) -> list[tuple[Lapse, int]]:
    """Every lapse that was noticed of a customer, with the version of the policy, oldest first."""
    rows = await work.rows(
        "SELECT * FROM archive_overdue_notices WHERE customer_key = :key ORDER BY version",
        key=customer_key,
    )
    names = [field.name for field in fields(Lapse)]
    return [(Lapse(**{name: row[name] for name in names}), row["policy_version"]) for row in rows]
