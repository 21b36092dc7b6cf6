"""What a leaver still has of archives: originals, custody, permissions (R-52, R-72)."""

from __future__ import annotations

from uuid import UUID

from services.registry.domain.people.handovers import Holding, InHand
from shared.directory.grants import visible
from shared.work import Work

_IN_HAND = """
SELECT 'lent' AS holding, l.customer_key, a.asset_id, a.label, l.loan_id, l.due_on
FROM archive_loans l JOIN archive_assets a USING (asset_id)
WHERE l.borrower = :staff AND l.state = 'lent'
UNION ALL
SELECT 'kept', kept.customer_key, kept.asset_id, kept.label, NULL, NULL FROM archive_assets kept
WHERE kept.keeper = :staff AND kept.state <> 'lost'
UNION ALL
SELECT 'custody', file.customer_key, NULL, NULL, NULL, NULL FROM archives file
WHERE file.custodian = :staff
"""

IN_HAND_OF = f"""
SELECT held.*, c.name, c.customer_id FROM ({_IN_HAND}) held JOIN customers c USING (customer_key)
WHERE {visible("base", "held.customer_key")}
ORDER BY holding DESC, customer_key, asset_id
"""
"""What :staff has, of customers in sight of who reads."""

_UNFINISHED = f"""
SELECT gone.staff_code FROM (
    SELECT DISTINCT ON (staff_code) staff_code, state, effective_on FROM staff_states
    WHERE effective_on <= :today ORDER BY staff_code, version DESC
) gone
WHERE gone.state = 'left' AND (
    EXISTS (SELECT FROM archive_requests asked WHERE asked.requested_by = gone.staff_code
        AND asked.state IN ('pending', 'granted') AND asked.until_on >= :today)
    OR EXISTS (SELECT FROM archive_loans due WHERE due.borrower = gone.staff_code
        AND due.state IN ('requested', 'approved'))
    OR (EXISTS ({_IN_HAND.replace(":staff", "gone.staff_code")})
        AND NOT EXISTS (SELECT FROM handovers h WHERE h.from_staff_code = gone.staff_code
            AND h.reason = 'departure' AND h.effective_on >= gone.effective_on))
) ORDER BY 1
"""


async def in_hand(work: Work, staff_code: str) -> list[InHand]:
    """Everything of archives that the person has, lent first; for commands, which see all."""
    rows = await work.rows(f"{_IN_HAND} ORDER BY holding DESC, customer_key", staff=staff_code)
    return [
        InHand(Holding(row["holding"]), row["customer_key"], row["asset_id"], row["label"])
        for row in rows
    ]


async def unfinished(work: Work) -> list[str]:
    """Who has left by today and still has a permission, a claim, or things nobody asked for."""
    return [row["staff_code"] for row in await work.rows(_UNFINISHED, today=work.today)]


async def living_requests(work: Work, staff_code: str) -> list[UUID]:
    """Requests of the person that are pending or granted and not over, sorted."""
    rows = await work.rows(
        "SELECT request_id FROM archive_requests WHERE requested_by = :staff"
        " AND state IN ('pending', 'granted') AND until_on >= :today ORDER BY request_id",
        staff=staff_code,
        today=work.today,
    )
    return [row["request_id"] for row in rows]


async def claims(work: Work, staff_code: str) -> list[UUID]:
    """Loans that the person asked for and was not handed yet, sorted."""
    rows = await work.rows(
        "SELECT loan_id FROM archive_loans WHERE borrower = :staff"
        " AND state IN ('requested', 'approved') ORDER BY loan_id",
        staff=staff_code,
    )
    return [row["loan_id"] for row in rows]
