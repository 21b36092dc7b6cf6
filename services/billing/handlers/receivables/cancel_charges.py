"""enterprise.charge_cancelled: a charge is taken back, in part or in whole (B-34).

What was paid on it is free again and goes to what else is due; its late fees follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.billing.domain.books.journal import Journal, JournalKind
from services.billing.domain.receivables.cancellations import (
    CancellationTooLarge,
    Credited,
    Taking,
    left_of,
    taken_back,
    taken_more,
    tax_left,
)
from services.billing.domain.receivables.charges import Instalment, InvalidCharge
from services.billing.domain.revenue.revenue import ReversalMismatch, ReversalOfReversal
from services.billing.handlers.concessions import grant_discounts
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.handlers.receivables.charge_ids import charge_id_of
from services.billing.handlers.receivables.raise_charges import KIND, against_of
from services.billing.handlers.receivables.receivable_facts import OURS
from services.billing.storage.books import journal
from services.billing.storage.receivables import charges, customer_books, originals
from services.billing.storage.receivables.charges import BilledItem, Cancellation, HeldCharge
from shared.clock import business_date
from shared.contracts.enterprise import ChargeCancelled, ChargeRaised
from shared.errors import Refusal
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[ChargeCancelled]]) -> None:
    """Take back every charge that is known; the others are waited for."""
    sensible = [fact for fact in facts if not _refused(work, fact, _objection(fact.data))]
    ids = {fact.id: charge_id_of(fact.system, fact.data.reverses.ref) for fact in sensible}
    wanted = set(ids.values())
    missed = wanted - await charges.existing(work, wanted)
    numbers = {fact.id: _number(fact) for fact in sensible}
    await originals.meet(
        work, KIND, (), [numbers[fact.id] for fact in sensible if ids[fact.id] in missed]
    )
    known = await charges.held(work, wanted)
    accounts = await customer_books.lock(work, [each.customer_key for each in known.values()])
    known = await charges.held(work, wanted)  # once more, now that nobody else changes them
    accepted: list[tuple[Fact[ChargeCancelled], Cancellation]] = []
    for fact in sorted(sensible, key=lambda fact: (fact.time, fact.id)):
        held = known.get(ids[fact.id])
        if held is None:
            work.wait(fact, KIND, numbers[fact.id])
            continue
        taken = _taken(work, fact, held)
        if taken is not None:
            accepted.append((fact, taken))
            known[held.charge_id] = replace(held, cancelled=held.cancelled + taken.amount)
    taken_back = [(fact.time, each) for fact, each in accepted]
    changes = await take_back(work, taken_back, known)
    concerned = [each.charge_id for _, each in accepted]
    await grant_discounts.for_charges(work, accounts, concerned, changes)
    await settle_accounts.settle(work, accounts, changes)


async def take_back(
    work: Work,
    accepted: Sequence[tuple[datetime, Cancellation]],
    after: Mapping[UUID, HeldCharge],
) -> dict[UUID, Changes]:
    """Post and keep cancellations, as (instant it was said, what): what then has to be settled.

    `after` are the charges with all of `accepted` taken back, their customers' accounts locked.
    """
    await _post(work, accepted, after)
    return await _changes(work, [each for _, each in accepted], after)


@dataclass(frozen=True, slots=True)
class Correction:
    """So many gross yuan of a charge that a person takes back."""

    correction_id: UUID
    charge_id: UUID
    amount: Decimal
    on: date


async def correct(work: Work, correction: Correction) -> None:
    """Take back what was confirmed, of a charge that is known. Raises CancellationTooLarge."""
    for refusal in (await correct_all(work, [correction])).values():
        raise refusal


async def correct_all(
    work: Work, corrections: Sequence[Correction]
) -> dict[UUID, CancellationTooLarge]:
    """Take back what was confirmed, of charges that are known.

    Returns, by correction, why those that exceed what is left of their charge were not.
    """
    wanted = {each.charge_id for each in corrections}
    known = await charges.held(work, wanted)
    accounts = await customer_books.lock(work, [held.customer_key for held in known.values()])
    known = await charges.held(work, wanted)  # once more, now that nobody else changes them
    refused: dict[UUID, CancellationTooLarge] = {}
    accepted = []
    for each in corrections:
        held = known[each.charge_id]
        if each.amount > held.left:
            refused[each.correction_id] = _too_large(held, each.amount, "/amount")
            continue
        ref = f"correction/{each.correction_id}"
        accepted.append(cancellation(held, OURS, ref, each.amount, each.on))
        known[held.charge_id] = replace(held, cancelled=held.cancelled + each.amount)
    after = {each.charge_id: known[each.charge_id] for each in accepted}
    changes = await take_back(work, [(work.now, each) for each in accepted], after)
    await grant_discounts.for_charges(work, accounts, list(after), changes)
    await settle_accounts.settle(work, accounts, changes)
    return refused


def _objection(data: ChargeCancelled) -> Refusal | None:
    if data.reverses.type == ChargeCancelled.event_name:
        return ReversalOfReversal(
            f"{data.reverses.ref} 本身是取消", f"{data.reverses.ref} is itself a cancellation"
        )
    if data.reverses.type != ChargeRaised.event_name:
        return ReversalMismatch(
            f"只能取消账单，不能取消 {data.reverses.type}",
            f"a cancellation takes back a charge, not {data.reverses.type}",
            pointer="/data/reverses/type",
        )
    if data.amount is not None and data.amount.amount <= 0:
        return InvalidCharge(
            "取消金额须大于零", "what is cancelled is above zero", pointer="/data/amount"
        )
    return None


def _refused(work: Work, fact: Fact[ChargeCancelled], refusal: Refusal | None) -> bool:
    if refusal is not None:
        work.refuse(fact, refusal)
    return refusal is not None


def _taken(work: Work, fact: Fact[ChargeCancelled], held: HeldCharge) -> Cancellation | None:
    amount = fact.data.amount.amount if fact.data.amount is not None else held.left
    if amount > held.left or not amount:
        work.refuse(fact, _too_large(held, amount, "/data/amount"))
        return None
    on = fact.data.cancelled_on or business_date(fact.time, work.zone)
    return cancellation(held, fact.system, fact.data.ref, amount, on)


def _too_large(held: HeldCharge, amount: Decimal, pointer: str) -> CancellationTooLarge:
    return CancellationTooLarge(
        f"账单 {held.ref} 尚有 {held.left}，取消 {amount}",
        f"charge {held.ref} has {held.left} left; {amount} would be cancelled",
        pointer=pointer,
        left=held.left,
    )


def cancellation(
    held: HeldCharge, system: str, ref: str, amount: Decimal, on: date
) -> Cancellation:
    """So many gross yuan of a charge taken back, with the VAT that is in them."""
    before = tax_left(held.gross, held.tax, held.cancelled)
    return Cancellation(
        cancellation_id=derived_id("cancellation", system, ref),
        charge_id=held.charge_id,
        customer_key=held.customer_key,
        system=system,
        ref=ref,
        amount=amount,
        tax=before - tax_left(held.gross, held.tax, held.cancelled + amount),
        cancelled_on=on,
    )


async def _post(
    work: Work,
    accepted: Sequence[tuple[datetime, Cancellation]],
    after: Mapping[UUID, HeldCharge],
) -> None:
    """What each adds to what is taken back of its charge, on whichever days that makes a change."""
    if not accepted:
        return
    wanted = {each.charge_id for _, each in accepted}
    items, so_far = await charges.instalments(work, wanted), await charges.takings(work, wanted)
    journals = []
    for event_at, each in accepted:
        held, parts = after[each.charge_id], items[each.charge_id]
        takings = so_far.setdefault(each.charge_id, [])
        before = _taken_back(held, parts, takings)
        takings.append(Taking(each.cancelled_on, each.system, each.ref, each.amount))
        numbers = {part.number: part.item_id for part in parts}
        now = _taken_back(held, parts, takings)
        lines = taken_more(before, now, numbers, each.customer_key)
        kind = JournalKind.CANCELLATION
        journals.append(Journal(new_id(), kind, each.charge_id, event_at, lines))
    await journal.post(work, journals)
    await charges.cancel(work, [each for _, each in accepted])


def _taken_back(held: HeldCharge, parts: Sequence[BilledItem], takings: list[Taking]) -> Credited:
    against = against_of(held.charge_id, held.system, held.ref)
    return taken_back(_billed(parts), held.tax, held.issued_on, takings, against=against)


async def _changes(
    work: Work, accepted: Sequence[Cancellation], after: Mapping[UUID, HeldCharge]
) -> dict[UUID, Changes]:
    changes: dict[UUID, Changes] = {}
    if not accepted:
        return changes
    items = await charges.instalments(work, {each.charge_id for each in accepted})
    for charge_id, parts in items.items():
        held = after[charge_id]
        left = left_of(_billed(parts), held.cancelled)
        change = changes.setdefault(held.customer_key, Changes(because="charge-cancelled"))
        change.amounts |= {part.item_id: left[part.number] for part in parts}
    return changes


def _billed(parts: Sequence[BilledItem]) -> list[Instalment]:
    return [Instalment(part.number, part.amount, part.due_on) for part in parts]


def _number(fact: Fact[ChargeCancelled]) -> str:
    return originals.key_of(fact.system, fact.data.reverses.ref)
