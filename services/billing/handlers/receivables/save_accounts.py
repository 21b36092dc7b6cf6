"""Customers' accounts as they were reckoned: kept, posted and told, set-based for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.journal import Journal, JournalKind, Line
from services.billing.domain.receivables.customer_books import Dated, FeeDecision
from services.billing.domain.receivables.receivables import Owed, State, fee_id_of, state_of
from services.billing.handlers.credit import watch_exposure
from services.billing.handlers.receivables.account_changes import Settled
from services.billing.handlers.receivables.receivable_facts import (
    late_fee_posted,
    payment_applied,
    receivable_changed,
)
from services.billing.storage.arrears import late_fees
from services.billing.storage.books import journal
from services.billing.storage.receivables import charges, customer_books, decisions, payments
from services.billing.storage.receivables import receivables as told
from shared.identifiers import new_id
from shared.work import Work


async def save(work: Work, settled: Sequence[Settled]) -> None:
    """Keep what was reckoned of customers, and tell the others what is different now."""
    states = {key: state for each in settled for key, state in _states(each).items()}
    await charges.insert(
        work,
        [pair for each in settled for pair in each.changes.charges],
        states,
    )
    await charges.put_items(
        work,
        [
            (item.customer_key or each.books.customer_key, item)
            for each in settled
            for item in _put(each)
        ],
    )
    new = {charge.charge_id for each in settled for charge, _ in each.changes.charges}
    await charges.change(work, {key: states[key] for key in states.keys() - new})
    await _save_payments(work, settled)
    await late_fees.keep(
        work,
        [(_key(each, fee), fee) for each in settled for fee in each.reckoning.fees],
    )
    await customer_books.mark(
        work,
        {
            each.books.customer_key: each.reckoning.marks
            for each in settled
            if each.reckoning.marks != each.books.marks
        },
    )
    await decisions.put_entries(
        work, {dated: pair for each in settled for dated, pair in _given_up(each).items()}
    )
    await journal.post(work, [entry for each in settled for entry in _journals(work, each)])
    await _tell(work, settled)
    await watch_exposure.watch(work, [each.books.customer_key for each in settled])


async def _save_payments(work: Work, settled: Sequence[Settled]) -> None:
    await payments.insert(
        work,
        [payment for each in settled for payment in each.changes.payments],
        {key: amount for each in settled for key, amount in each.reckoning.applied_of.items()},
    )
    await payments.change(
        work, {key: change for each in settled for key, change in _changed_payments(each).items()}
    )
    await payments.remove_applications(
        work, [pair for each in settled for pair in each.reckoning.removed]
    )
    await payments.put_applications(
        work,
        {
            pair: (applied.customer_key or each.books.customer_key, applied)
            for each in settled
            for pair, applied in each.reckoning.put.items()
        },
    )


def _states(settled: Settled) -> dict[UUID, State]:
    """The state of every charge of which anything that is told is new or different."""
    before = {item.item_id: _told_of(item) for item in settled.books.owed}
    touched = {item.charge_id for item in settled.changes.owed}
    if settled.changes.is_another:  # every charge says who pays it
        touched |= {item.charge_id for item in settled.owed.values()}
    touched |= {
        item.charge_id
        for item in settled.owed.values()
        if item.item_id in settled.changes.amounts or _told_of(item) != before.get(item.item_id)
    }
    items: dict[UUID, list[Owed]] = {}
    for item in settled.owed.values():
        if item.charge_id in touched:
            items.setdefault(item.charge_id, []).append(item)
    return {key: state_of(own) for key, own in items.items()}


def _told_of(item: Owed) -> tuple[object, ...]:
    return item.amount, item.paid, item.due_on, item.is_overdue, item.written_off


def _given_up(settled: Settled) -> dict[Dated, tuple[UUID, Decimal]]:
    """What is given up of items by day, with whose they are, where it differs."""
    return {
        dated: (settled.owed[dated[0]].customer_key or settled.books.customer_key, amount)
        for dated, amount in settled.reckoning.written_off.items()
    }


def _put(settled: Settled) -> list[Owed]:
    changed = {item.item_id for item in settled.changes.owed} | settled.changes.amounts.keys()
    changed |= settled.reckoning.owed.keys()
    return [item for key, item in settled.owed.items() if key in changed]


def _changed_payments(settled: Settled) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Payments that were there before, as (applied, returned)."""
    new = {payment.received.payment_id for payment in settled.changes.payments}
    now = settled.reckoning.applied_of
    return {
        each.payment_id: (now.get(each.payment_id, each.applied), each.returned)
        for each in settled.books.received
        if each.payment_id not in new
        and (each.payment_id in now or each.payment_id in settled.changes.returned)
    }


def _journals(work: Work, settled: Settled) -> list[Journal]:
    reckoning = settled.reckoning
    pairs: list[tuple[JournalKind, UUID, Sequence[Line]]] = [
        *((JournalKind.APPLICATION, key, own) for key, own in reckoning.payment_lines.items()),
        *((JournalKind.LATE_FEE, key, own) for key, own in reckoning.fee_lines.items()),
        *((JournalKind.LATE_FEE_WAIVER, key, own) for key, own in reckoning.waiver_lines.items()),
        *((JournalKind.WRITE_OFF, key, own) for key, own in reckoning.write_off_lines.items()),
    ]
    return [
        Journal(new_id(), kind, source_id, work.now, tuple(lines))
        for kind, source_id, lines in pairs
    ]


async def _tell(work: Work, settled: Sequence[Settled]) -> None:
    because: dict[UUID, str] = {}
    changed: set[UUID] = set()
    for each in settled:
        before = {own.payment_id: own.applied for own in each.books.received}
        fresh = {payment.received.payment_id for payment in each.changes.payments}
        changed |= fresh | _changed_payments(each).keys()
        for payment_id, applied in each.reckoning.applied_of.items():
            if payment_id not in fresh and applied < before[payment_id]:
                because[payment_id] = each.changes.because
    for payment in await told.payments(work, changed):
        reason = because.get(payment.payment_id)
        work.publish(payment_applied(payment, work.currency, reason))
    for receivable in await told.receivables(
        work, {key for each in settled for key in _states(each)}
    ):
        work.publish(receivable_changed(receivable, work.currency))
    await _tell_fees(work, settled)


async def _tell_fees(work: Work, settled: Sequence[Settled]) -> None:
    fees = [(each, fee) for each in settled for fee in each.reckoning.fees]
    if not fees:
        return
    open_from = await journal.open_from(work)
    for each, fee in fees:
        fee_id = fee_id_of(fee.instalment.item_id)
        reckoning = each.reckoning
        lines = (*reckoning.fee_lines.get(fee_id, ()), *reckoning.waiver_lines.get(fee_id, ()))
        is_late = any(line.event_on < open_from for line in lines)
        booked_on = open_from if is_late else None
        work.publish(late_fee_posted(_key(each, fee), fee, work.currency, booked_on))


def _key(settled: Settled, fee: FeeDecision) -> UUID:
    return fee.instalment.customer_key or settled.books.customer_key
