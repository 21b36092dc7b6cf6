"""Charges, opening balances, control totals and payments."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import CustomerReference, Enterprise, MoneyAmount, Part, Reverses
from shared.contracts.values import Code, Count, Day, Exact, Label, Ref, Word


class TariffClass(StrEnum):
    """Which late-fee rates a charge falls under (B-15)."""

    HOUSEHOLD = "household"
    OTHER = "other"


class OpeningKind(StrEnum):
    """What a customer brings into new books."""

    RECEIVABLE = "receivable"
    """It owes us."""
    ADVANCE = "advance"
    """It paid, and nothing was set against it yet."""


class RaisedInstalment(Part):
    """A part of a charge with a due date of its own."""

    number: Annotated[int, Field(ge=1)]
    """Number of the instalment, from 1."""
    amount: MoneyAmount
    """Gross."""
    due_on: Day
    """Last day on which its payment is in time."""


class ChargeRaised(Enterprise):
    """A customer was billed; billing opens a receivable."""

    event_name: ClassVar[str] = "charge_raised"
    customer: CustomerReference
    """Whom it is about."""
    business_line: Label
    """Product or business line at the site."""
    amount: MoneyAmount
    """Gross: what the customer owes."""
    tax_amount: MoneyAmount | None = None
    """VAT contained in the amount."""
    tax_rate: Exact | None = None
    """VAT rate as a fraction: "0.06"."""
    issued_on: Day
    """The day of the bill."""
    due_on: Day
    """Last day on which payment is in time (of the last instalment)."""
    tariff_class: TariffClass
    """Which late-fee rates apply."""
    instalments: tuple[RaisedInstalment, ...] = ()
    """Parts that sum to the amount; empty: one part, due on `due_on`."""
    reservation_id: UUID | None = None
    """The credit reservation that it makes use of, if one was made (B-34)."""


class ChargeCancelled(Enterprise):
    """A charge is taken back."""

    event_name: ClassVar[str] = "charge_cancelled"
    reverses: Reverses
    """The charge."""
    amount: MoneyAmount | None = None
    """How much of it, gross and positive; absent: all that it still has."""
    cancelled_on: Day | None = None
    """Business date; absent: the date of the message."""


class OpeningBalanceStated(Enterprise):
    """What a customer owed, or had with us, when the books of billing began."""

    event_name: ClassVar[str] = "opening_balance_stated"
    customer: CustomerReference
    """Whom it is about."""
    kind: OpeningKind
    """Owed to us, or received in advance."""
    amount: MoneyAmount
    """Positive; negative for what takes back one that it `reverses`, in part or in whole."""
    opened_on: Day
    """The day of the opening: late fees count from the next. Of a reversal: its own day."""
    due_on: Day | None = None
    """Last day on which it was to be paid, for a receivable; may lie before the opening."""
    business_line: Label | None = None
    """Product or business line at the site, for a receivable."""
    tariff_class: TariffClass = TariffClass.OTHER
    """Which late-fee rates apply."""
    reverses: Reverses | None = None
    """The opening balance that this takes back."""


class ControlledFact(Part):
    """A fact that a control total counts."""

    ref: Ref
    """The sender's number of it."""
    amount: MoneyAmount
    """As it was sent."""


class ControlTotalStated(Enterprise):
    """What a system sent for a day, so that both sides can compare. The newest one counts."""

    event_name: ClassVar[str] = "control_total_stated"
    event: Word
    """Name of the event that was sent: `revenue_recorded`, `payment_received` …"""
    on: Day
    """The day that the facts belong to: of revenue when it occurred, of a payment when it came."""
    count: Count
    """How many."""
    amount: MoneyAmount
    """The sum of their amounts, with their signs."""
    facts: tuple[ControlledFact, ...] = ()
    """Each of them, so that differences can be named; or none."""


class PaymentReceived(Enterprise):
    """Money has come in. To an account that is not the company's it is refused (B-36)."""

    event_name: ClassVar[str] = "payment_received"
    company_account: Code
    """The account that received it."""
    payer: CustomerReference
    """The customer who paid."""
    amount: MoneyAmount
    """Positive; negative for a returned payment, which names what it `reverses`."""
    received_on: Day
    """The day the money came in."""
    collected_by: Code | None = None
    """Staff code of who took it, if a person did."""
    remittance: tuple[Ref, ...] = ()
    """Refs of the charges that the payer names."""
    remittance_system: Code | None = None
    """Whose charges those are; absent: whichever system's charge of the payer has that ref."""
    reverses: Reverses | None = None
    """The payment that is returned."""
