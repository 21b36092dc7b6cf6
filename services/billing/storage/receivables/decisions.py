"""What people decided on customers' accounts: pins, bars and write-offs, only ever added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.receivables.customer_books import Dated
from services.billing.domain.receivables.decisions import Bar, Decisions, Pin, Target, WriteOff
from shared.errors import NotFound
from shared.work import Work

_DIRECTIVES = """
SELECT customer_key, kind, directive_id, payment_id, charge_id, instalment, amount, set_on
FROM payment_directives d
WHERE customer_key = ANY(%s::uuid[]) AND NOT EXISTS (
    SELECT FROM payment_directives later
    WHERE later.directive_id = d.directive_id AND later.version > d.version)
    AND d.version = 1
ORDER BY directive_id
"""
_WRITE_OFFS = """
SELECT customer_key, request_id, subject_id, decided_on, amount
FROM money_requests r
WHERE kind = 'write_off' AND state = 'approved' AND customer_key = ANY(%s::uuid[])
    AND NOT EXISTS (
        SELECT FROM money_requests later
        WHERE later.request_id = r.request_id AND later.version > r.version)
ORDER BY request_id
"""
_ENTRIES = """
SELECT item_id, event_on, amount FROM write_off_entries WHERE customer_key = ANY(%s::uuid[])
"""
_PUT_ENTRIES = """
INSERT INTO write_off_entries (item_id, event_on, customer_key, amount)
SELECT * FROM unnest(%s::uuid[], %s::date[], %s::uuid[], %s::numeric[])
ON CONFLICT (item_id, event_on) DO UPDATE SET amount = excluded.amount
"""
_COUNT = "UPDATE positions SET decisions = decisions + :more WHERE customer_key = :customer_key"
_COLUMNS = (
    "directive_id, version, customer_key, payment_id, kind, charge_id, instalment, amount,"
    " set_on, staff_code, reason"
)


class UnknownDirective(NotFound):
    """No such pin or bar, or none that the caller may know of."""

    code = "unknown-directive"
    title_zh = "没有此指定或限制"
    title_en = "No such pin or bar"


@dataclass(frozen=True, slots=True)
class Directive:
    """A pin or a bar as somebody set it; version 2 ends it."""

    directive_id: UUID
    customer_key: UUID
    payment_id: UUID
    kind: str
    charge_id: UUID | None
    instalment: int | None
    amount: Decimal | None
    set_on: date
    staff_code: str
    reason: str
    version: int = 1


async def load(work: Work, keys_of: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, Decisions]:
    """By customer all decisions that hold on its account, which stands under several keys."""
    root_of = {key: root for root, keys in keys_of.items() for key in keys}
    pins: dict[UUID, list[Pin]] = {}
    bars: dict[UUID, list[Bar]] = {}
    given_up: dict[UUID, list[WriteOff]] = {}
    keys = sorted(root_of)
    for key, kind, directive_id, payment_id, charge_id, number, amount, on in await work.bulk(
        _DIRECTIVES, keys
    ):
        target = None if charge_id is None else Target(charge_id, number)
        if kind == "bar":
            bars.setdefault(root_of[key], []).append(Bar(payment_id, target))
        elif target is not None:
            pin = Pin(directive_id, payment_id, target, on, amount)
            pins.setdefault(root_of[key], []).append(pin)
    for key, *rest in await work.bulk(_WRITE_OFFS, keys):
        given_up.setdefault(root_of[key], []).append(WriteOff(*rest))
    return {
        root: Decisions(
            tuple(pins.get(root, ())), tuple(bars.get(root, ())), tuple(given_up.get(root, ()))
        )
        for root in keys_of
    }


async def entries(work: Work, customer_keys: Sequence[UUID]) -> dict[Dated, Decimal]:
    """What is posted as given up of the customers' items, by item and day (yuan)."""
    rows = await work.bulk(_ENTRIES, list(customer_keys))
    return {(item_id, on): amount for item_id, on, amount in rows if amount}


async def put_entries(work: Work, changed: Mapping[Dated, tuple[UUID, Decimal]]) -> None:
    """Keep what is given up now, as (customer, yuan), of items by day."""
    if changed:
        keys = sorted(changed)
        await work.bulk(
            _PUT_ENTRIES,
            [item_id for item_id, _ in keys],
            [on for _, on in keys],
            [changed[key][0] for key in keys],
            [changed[key][1] for key in keys],
        )


async def held(work: Work, payment_id: UUID, directive_id: UUID) -> Directive:
    """The pin or bar of a payment at its newest version. Raises UnknownDirective."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM payment_directives"
        " WHERE directive_id = :directive_id AND payment_id = :payment_id"
        " ORDER BY version DESC LIMIT 1",
        directive_id=directive_id,
        payment_id=payment_id,
    )
    if row is None:
        raise UnknownDirective(
            "没有这一项，或您无权知悉", "there is no such thing, or none that you may know of"
        )
    return Directive(**row)


async def add(work: Work, directive: Directive) -> None:
    """Keep a version of a pin or bar; the customer's account is locked."""
    columns = f"{_COLUMNS}, recorded_at"
    await work.run(
        f"INSERT INTO payment_directives ({columns}) VALUES (:{columns.replace(', ', ', :')})",
        {**asdict(directive), "recorded_at": work.now},
    )
    await count(work, directive.customer_key, 1 if directive.version == 1 else -1)


async def count(work: Work, customer_key: UUID, more: int) -> None:
    """Note that so many decisions more (or fewer) hold on a locked account."""
    await work.run(_COUNT, {"more": more, "customer_key": customer_key})
