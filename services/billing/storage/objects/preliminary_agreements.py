"""Preliminary agreements with their signatures, which are only ever added."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import RowMapping

from services.billing.domain.objects.preliminary_agreements import Preliminary, Signature, State
from services.billing.domain.objects.purchase_rules import Party
from services.billing.storage.objects.agreements import authority_as_json, authority_of
from shared.directory.identities import SAME_CUSTOMER
from shared.errors import NotFound
from shared.work import Work

_NAMES = (
    "preliminary_id",
    "number",
    "object_code",
    "customer_key",
    "price",
    "drawn_up_on",
    "staff_code",
    "state",
    "version",
)
_COLUMNS = ", ".join(_NAMES)
_SIGN = """
INSERT INTO preliminary_signatures (preliminary_id, party, staff_code, signed_on, signatory,
    authority, recorded_at)
VALUES (:preliminary_id, :party, :staff_code, :signed_on, :signatory, CAST(:authority AS jsonb),
    :recorded_at)
"""
_NOTE = """
INSERT INTO preliminary_changes (preliminary_id, version, state, staff_code, reason, recorded_at)
VALUES (:preliminary_id, :version, :state, :staff_code, :reason, :recorded_at)
"""
_SIGNATURES = """
SELECT party, staff_code, signed_on, signatory, authority FROM preliminary_signatures
WHERE preliminary_id = :id ORDER BY recorded_at, party
"""


class UnknownPreliminary(NotFound):
    """No such preliminary agreement, or none that the caller may know of."""

    code = "unknown-preliminary-agreement"
    title_zh = "没有此定购协议"
    title_en = "No such preliminary agreement"


async def insert(work: Work, preliminary: Preliminary) -> bool:
    """Add one; False when its number is taken or the customer has an open one for the object."""
    added = await work.value(
        f"INSERT INTO preliminary_agreements ({_COLUMNS}, recorded_at)"
        f" VALUES (:{_COLUMNS.replace(', ', ', :')}, :recorded_at)"
        " ON CONFLICT DO NOTHING RETURNING preliminary_id",
        **{name: getattr(preliminary, name) for name in _NAMES},
        recorded_at=work.now,
    )
    if added is not None:
        await _note(work, preliminary, None)
    return added is not None


async def add_signature(work: Work, preliminary: Preliminary) -> None:
    """Save a preliminary agreement with its last signature."""
    signature = preliminary.signatures[-1]
    await work.run(
        _SIGN,
        {
            "preliminary_id": preliminary.preliminary_id,
            "party": signature.party,
            "staff_code": signature.staff_code,
            "signed_on": signature.signed_on,
            "signatory": signature.signatory,
            "authority": authority_as_json(signature.authority),
            "recorded_at": work.now,
        },
    )
    await update(work, preliminary)


async def update(work: Work, preliminary: Preliminary, reason: str | None = None) -> None:
    """Save where a preliminary agreement stands now, and note who did it."""
    await work.run(
        "UPDATE preliminary_agreements SET state = :state, version = :version"
        " WHERE preliminary_id = :preliminary_id",
        {
            "preliminary_id": preliminary.preliminary_id,
            "state": preliminary.state,
            "version": preliminary.version,
        },
    )
    await _note(work, preliminary, reason)


async def held(work: Work, preliminary_id: UUID) -> Preliminary:
    """The preliminary agreement, held until the work ends. Raises UnknownPreliminary."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM preliminary_agreements WHERE preliminary_id = :id FOR UPDATE",
        id=preliminary_id,
    )
    if row is None:
        raise UnknownPreliminary(
            f"没有定购协议 {preliminary_id}", f"there is no preliminary agreement {preliminary_id}"
        )
    return await _with_signatures(work, row)


async def of(
    work: Work, customer_key: UUID, object_code: str, *states: State
) -> Preliminary | None:
    """The customer's latest preliminary agreement on an object in one of `states`, held."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM preliminary_agreements"
        f" WHERE object_code = :object AND customer_key = {SAME_CUSTOMER}"
        " AND state = ANY(CAST(:states AS text[]))"
        " ORDER BY drawn_up_on DESC, recorded_at DESC LIMIT 1 FOR UPDATE",
        object=object_code,
        customer_key=customer_key,
        states=[state.value for state in states],
    )
    return None if row is None else await _with_signatures(work, row)


async def _with_signatures(work: Work, row: RowMapping) -> Preliminary:
    signatures = await work.rows(_SIGNATURES, id=row["preliminary_id"])
    return Preliminary(
        **{**row, "state": State(row["state"])},
        signatures=tuple(_signature(each) for each in signatures),
    )


def _signature(row: RowMapping) -> Signature:
    return Signature(
        **{**row, "party": Party(row["party"]), "authority": authority_of(row["authority"])}
    )


async def _note(work: Work, preliminary: Preliminary, reason: str | None) -> None:
    await work.run(
        _NOTE,
        {
            "preliminary_id": preliminary.preliminary_id,
            "version": preliminary.version,
            "state": preliminary.state,
            "staff_code": work.caller.staff_code if work.caller is not None else None,
            "reason": reason,
            "recorded_at": work.now,
        },
    )
