"""A customer's account kept in memory the way storage keeps it, for tests of any order of facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.arrears.fee_decisions import accrue
from services.billing.domain.arrears.late_fees import LateFeePlan, PlanVersion, TariffRates
from services.billing.domain.books.accounts import Account
from services.billing.domain.books.journal import Line
from services.billing.domain.receivables.cancellations import left_of
from services.billing.domain.receivables.charges import Instalment
from services.billing.domain.receivables.continuation import Marks
from services.billing.domain.receivables.customer_books import (
    Applied,
    CustomerBooks,
    Dated,
    Pair,
    Reckoning,
)
from services.billing.domain.receivables.decisions import Decisions
from services.billing.domain.receivables.receivables import Owed, Received, item_id_of
from services.billing.domain.receivables.reckoning import reckon
from shared.money import to_cents
from tests.services.billing.domain.receivables.account_facts import (
    BarFact,
    CancellationFact,
    ChargeFact,
    Decision,
    Fact,
    PaymentFact,
    PinFact,
    ReturnFact,
    WriteOffFact,
    bar_of,
    day,
    pin_of,
    received_of,
    write_off_of,
)

CUSTOMER = UUID(int=1)
PLANS = (
    PlanVersion(
        1,
        date(2020, 1, 1),
        LateFeePlan({"other": TariffRates(Decimal("0.02"), Decimal("0.03"))}, Decimal(1)),
    ),
)


@dataclass
class InMemory:
    """What storage would hold, and every line that was posted."""

    owed: dict[UUID, Owed] = field(default_factory=dict)
    received: dict[UUID, Received] = field(default_factory=dict)
    applied: dict[Pair, Applied] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    awaited: set[str] = field(default_factory=set)
    waiting: set[Fact] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)
    posted: dict[UUID, dict[date, Decimal]] = field(default_factory=dict)
    decided: set[Decision] = field(default_factory=set)
    written_off: dict[Dated, Decimal] = field(default_factory=dict)
    shortcuts: int = 0

    def take(self, batch: Sequence[Fact]) -> None:
        """Take one batch as the handlers would: charges, payments, what takes back, decisions."""
        charges = [fact for fact in batch if isinstance(fact, ChargeFact)]
        self._raise([self._items(fact) for fact in charges])
        self._receive([received_of(fact) for fact in batch if isinstance(fact, PaymentFact)])
        for fact in (*sorted(self.waiting, key=str), *batch):
            if isinstance(fact, CancellationFact):
                self._cancel(fact)
            elif isinstance(fact, ReturnFact):
                self._return(fact)
        for fact in batch:
            if isinstance(fact, Decision):
                self.decided.add(fact)
                self._reckon(looks_back=True)

    def release(self, decision: Decision) -> None:
        """Take a decision back."""
        self.decided -= {decision}
        self._reckon(looks_back=True)

    def grow_fees(self, on: date) -> None:
        """The month-end sweep."""
        self._keep(accrue(self._open(()), PLANS, on))

    def waive(self, share: Decimal, on: date) -> None:
        """Grant a share of what is left of every late fee, on the day `on`."""
        for item in list(self.owed.values()):
            granted = to_cents((item.billed - item.waived) * share)
            if item.is_late_fee and granted > 0:
                waived = item.waived + granted
                self.owed[item.item_id] = replace(item, waived=waived, waived_on=on)
        self._reckon(looks_back=True)

    def state(self) -> tuple[object, ...]:
        """What must be the same whatever the order: balances, applications, the ledger."""
        items = {
            (key, own.amount, own.paid, own.due_on, own.written_off, own.closed_on)
            for key, own in self.owed.items()
        }
        items = {item for item in items if item[1]}
        ledger: dict[tuple[Account, UUID | None], Decimal] = {}
        for line in self.lines:
            for account, sign in ((line.debit, 1), (line.credit, -1)):
                key = account, line.item_id
                ledger[key] = ledger.get(key, Decimal(0)) + sign * line.amount
        payments = {(key, own.effective, own.applied) for key, own in self.received.items()}
        left = {key: amount for key, amount in ledger.items() if amount}
        given_up = sorted(pair for pair in self.written_off.items() if pair[1])
        applied = sorted(
            (pair, part.amount, part.is_named, part.event_on, part.is_pinned)
            for pair, part in self.applied.items()
        )
        return items, payments, applied, given_up, sorted(left.items(), key=str)

    def _items(self, fact: ChargeFact) -> list[Owed]:
        charge_id = fact.charge_id
        return [
            Owed(
                *(
                    item_id_of(charge_id, number),
                    charge_id,
                    number,
                    to_cents(Decimal(amount)),
                    Decimal(0),
                ),
                *(day(max(due, fact.issued)), fact.system, f"C-{fact.number}", day(fact.issued)),
                tariff_class="other",
                billed=to_cents(Decimal(amount)),
            )
            for number, (due, amount) in enumerate(zip(fact.due, fact.amounts, strict=True), 1)
        ]

    def _raise(self, charges: list[list[Owed]]) -> None:
        new = [item for items in charges for item in items]
        raised = {item.ref for item in new}
        looked_for = raised & (self.awaited | {item.ref for item in self.owed.values()})
        self.awaited -= looked_for
        self._reckon(new_items=new, looks_back=bool(looked_for))

    def _receive(self, new: list[Received]) -> None:
        known = {(item.ref, of) for item in self.owed.values() for of in (item.system, None)}
        self.awaited |= {
            ref
            for each in new
            for ref in each.remittance
            if (ref, each.remittance_system) not in known
        }
        self._reckon(new_payments=new)

    def _cancel(self, fact: CancellationFact) -> None:
        charge_id = UUID(int=fact.charge)
        items = [each for each in self.owed.values() if each.charge_id == charge_id]
        self.waiting -= {fact}
        if not items:
            self.waiting.add(fact)
            return
        instalments = [item for item in items if not item.is_late_fee]
        billed = [Instalment(i.number, i.billed, i.due_on or day(0)) for i in instalments]
        gross = sum((part.amount for part in billed), Decimal(0))
        so_far = gross - sum((item.amount for item in instalments), Decimal(0))
        left = left_of(billed, min(gross, so_far + to_cents(gross * fact.hundredths / 100)))
        for item in instalments:
            self.owed[item.item_id] = replace(item, amount=left[item.number])
        self._reckon(looks_back=True)

    def _return(self, fact: ReturnFact) -> None:
        payment = self.received.get(UUID(int=fact.payment))
        self.waiting -= {fact}
        if payment is None:
            self.waiting.add(fact)
            return
        returned = payment.returned + to_cents(payment.amount * fact.hundredths / 100)
        self.received[payment.payment_id] = replace(payment, returned=min(payment.amount, returned))
        self._reckon(looks_back=True)

    def _reckon(
        self,
        new_items: Sequence[Owed] = (),
        new_payments: Sequence[Received] = (),
        *,
        looks_back: bool = False,
    ) -> None:
        names = [ref for each in new_payments for ref in each.remittance]
        for is_whole in (looks_back, True):
            books = self._whole() if is_whole else self._open(names)
            outcome = reckon(
                replace(
                    books,
                    owed=[*books.owed, *new_items],
                    received=[*books.received, *new_payments],
                ),
                PLANS,
                new_items={item.item_id for item in new_items},
                new_payments={each.payment_id for each in new_payments},
            )
            if outcome is not None:
                break
        assert outcome is not None
        self.shortcuts += not is_whole
        self.owed |= {item.item_id: item for item in new_items}
        self.received |= {each.payment_id: each for each in new_payments}
        self._keep(outcome)

    def _whole(self) -> CustomerBooks:
        owed, received = list(self.owed.values()), list(self.received.values())
        return CustomerBooks(
            *(CUSTOMER, self.marks, owed, received, dict(self.applied)),
            is_whole=True,
            posted=self.posted,
            decisions=self._decisions(),
            written_off=dict(self.written_off),
        )

    def _decisions(self) -> Decisions:
        return Decisions(
            tuple(pin_of(each) for each in self.decided if isinstance(each, PinFact)),
            tuple(bar_of(each) for each in self.decided if isinstance(each, BarFact)),
            tuple(write_off_of(each) for each in self.decided if isinstance(each, WriteOffFact)),
        )

    def _open(self, names: Sequence[str]) -> CustomerBooks:
        charges = {
            each.charge_id for each in self.owed.values() if each.balance > 0 or each.ref in names
        }
        owed = [each for each in self.owed.values() if each.charge_id in charges]
        shown = {each.item_id for each in owed}
        applied = {pair: part for pair, part in self.applied.items() if pair[1] in shown}
        paying = {pair[0] for pair in applied}
        received = [
            each
            for each in self.received.values()
            if each.applied < each.effective or each.payment_id in paying
        ]
        return CustomerBooks(
            *(CUSTOMER, self.marks, owed, received, applied),
            posted=self.posted,
            decisions=self._decisions(),
        )

    def _keep(self, outcome: Reckoning) -> None:
        for pair in outcome.removed:
            del self.applied[pair]
        self.applied |= outcome.put
        self.owed |= outcome.owed
        for payment_id, amount in outcome.applied_of.items():
            self.received[payment_id] = replace(self.received[payment_id], applied=amount)
        self.marks = outcome.marks
        posted = *outcome.payment_lines.values(), *outcome.fee_lines.values()
        adjusted = *outcome.waiver_lines.values(), *outcome.write_off_lines.values()
        for lines in (*posted, *adjusted):
            self.lines += lines
        for fee_id, lines in outcome.fee_lines.items():
            days = self.posted.setdefault(fee_id, {})
            for line in lines:
                sign = 1 if line.debit is Account.RECEIVABLE else -1
                days[line.event_on] = days.get(line.event_on, Decimal(0)) + sign * line.amount
        self.written_off |= outcome.written_off
