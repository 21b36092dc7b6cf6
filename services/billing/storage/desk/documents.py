"""Charges and payments that people wrote by hand, and who they were (B-19)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from services.billing.storage.receivables.payments import Return
from shared.directory import identities
from shared.work import Work

_ISSUED = "charge_id, customer_key, kind, month, asset, corrects, staff_code"
_ISSUERS = """
SELECT DISTINCT staff_code FROM issued_charges WHERE charge_id = ANY(%s::uuid[])
"""
_ISSUERS_OF_PAID = """
SELECT DISTINCT issued.staff_code FROM applications JOIN items USING (item_id)
JOIN issued_charges issued USING (charge_id) WHERE payment_id = %s::uuid
"""
_RECEIVERS_FOR = """
SELECT DISTINCT receipts.staff_code FROM items JOIN applications USING (item_id)
JOIN receipts USING (payment_id) WHERE charge_id = ANY(%s::uuid[])
"""
_WITH_CASH = """
SELECT DISTINCT payments.customer_key FROM payments JOIN receipts USING (payment_id)
WHERE payments.customer_key = ANY(%s::uuid[]) AND staff_code = %s::text
    AND applied < amount - returned
"""
_RECEIVERS = """
SELECT staff_code FROM receipts WHERE payment_id = %s::uuid
UNION
SELECT collected_by FROM payments WHERE payment_id = %s::uuid AND collected_by IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A charge that a person issued: what kind, for which month, over what, instead of what."""

    charge_id: UUID
    customer_key: UUID
    kind: str
    staff_code: str
    month: str | None = None
    asset: str | None = None
    corrects: UUID | None = None


async def keep_issued(work: Work, issued: Sequence[Issued]) -> None:
    """Note who issued charges."""
    await work.run(
        f"INSERT INTO issued_charges ({_ISSUED}, recorded_at)"
        f" VALUES (:{_ISSUED.replace(', ', ', :')}, :recorded_at)",
        [{**asdict(each), "recorded_at": work.now} for each in issued],
    )


async def keep_receipt(work: Work, payment_id: UUID, customer_key: UUID, voucher: str) -> bool:
    """Note on which voucher the caller received a payment; False when the voucher is used."""
    added = await work.value(
        "INSERT INTO receipts (payment_id, customer_key, voucher, staff_code, recorded_at)"
        " VALUES (:payment_id, :customer_key, :voucher, :staff_code, :recorded_at)"
        " ON CONFLICT DO NOTHING RETURNING payment_id",
        payment_id=payment_id,
        customer_key=customer_key,
        voucher=voucher,
        staff_code=work.person.staff_code,
        recorded_at=work.now,
    )
    return added is not None


async def issuers(work: Work, charge_ids: Collection[UUID]) -> set[str]:
    """Who issued any of these charges."""
    return {code for (code,) in await work.bulk(_ISSUERS, sorted(charge_ids))}


async def issuers_of_paid(work: Work, payment_id: UUID) -> set[str]:
    """Who issued any charge that the payment pays."""
    return {code for (code,) in await work.bulk(_ISSUERS_OF_PAID, payment_id)}


async def receivers_for(work: Work, charge_ids: Collection[UUID]) -> set[str]:
    """Who received any payment that pays one of these charges."""
    return {code for (code,) in await work.bulk(_RECEIVERS_FOR, sorted(charge_ids))}


async def with_cash_received_by(
    work: Work, staff_code: str, customer_keys: Collection[UUID]
) -> set[UUID]:
    """Those of `customer_keys` with money that this person received and nothing has taken yet.

    Whoever they are part of today counts with them (R-81).
    """
    members = await identities.members(work, customer_keys)
    keys = sorted({key for own in members.values() for key in own})
    found = {key for (key,) in await work.bulk(_WITH_CASH, keys, staff_code)}
    concerned = {key for own in members.values() if found & set(own) for key in own}
    return concerned & set(customer_keys)


async def receivers(work: Work, payment_id: UUID) -> set[str]:
    """Who received or collected the payment, if a person did."""
    return {code for (code,) in await work.bulk(_RECEIVERS, payment_id, payment_id)}


async def keep_bounced(work: Work, back: Return, reason: str) -> bool:
    """Note on which notice of the bank, and why, the caller says that money went back.

    False when the notice is used.
    """
    added = await work.value(
        "INSERT INTO bounced_payments (return_id, payment_id, customer_key, notice, reason,"
        " staff_code, recorded_at) VALUES (:return_id, :payment_id, :customer_key, :notice,"
        " :reason, :staff_code, :recorded_at) ON CONFLICT DO NOTHING RETURNING return_id",
        return_id=back.return_id,
        payment_id=back.payment_id,
        customer_key=back.customer_key,
        notice=back.ref,
        reason=reason,
        staff_code=work.person.staff_code,
        recorded_at=work.now,
    )
    return added is not None
