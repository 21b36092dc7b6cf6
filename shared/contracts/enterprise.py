"""What other systems publish: `enterprise.<system>.<event>.v1`.

`customer_observed` and `customer_opened` carry the sender's customer `code`. Their `ref` may be
left out and is then that code; a sender that observes the same customer again, with other data,
gives each observation a ref of its own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from .envelope import CustomerReference, Enterprise, FactRef, MoneyAmount, Part, Reverses
from .values import (
    Code,
    Count,
    Day,
    DivisionCode,
    Exact,
    Instant,
    Label,
    Name,
    Note,
    Period,
    Ref,
    Text,
    Word,
    Year,
)


class ManagerRole(StrEnum):
    """The two managers of a customer (R-48)."""

    A = "A"
    B = "B"


class TariffClass(StrEnum):
    """Which late-fee rates a charge falls under (B-15)."""

    HOUSEHOLD = "household"
    OTHER = "other"


class ComplaintKind(StrEnum):
    """What a customer comes with (E-37)."""

    COMPLAINT = "complaint"
    CONSULTATION = "consultation"
    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    COMPENSATION = "compensation"


class OpeningKind(StrEnum):
    """What a customer brings into new books."""

    RECEIVABLE = "receivable"
    """It owes us."""
    ADVANCE = "advance"
    """It paid, and nothing was set against it yet."""


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class _ObservedCustomer(Enterprise):
    ref: Ref = Field(default_factory=str)
    """The sender's own number of this observation; left out, it is `code`."""
    code: Code
    """The customer's code in the sending system."""
    name: Name
    """Full name of the organisation."""
    unified_credit_code: Note | None = None
    """Unified social credit code as the sender has it; registry checks it."""
    phone: Note | None = None
    """Telephone of the organisation as the sender has it."""
    address: Note | None = None
    """Postal address as the sender has it."""
    industry: Label | None = None
    """Industry in the sender's words."""
    registered_capital: Note | None = None
    """Registered capital in the sender's words; registry reads it as far as it can."""

    @model_validator(mode="before")
    @classmethod
    def _is_its_own_ref(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("ref") is None and "code" in data:
            return {**data, "ref": data["code"]}
        return data


class CustomerObserved(_ObservedCustomer):
    """A system has seen a customer; it is cross-referenced or a possible duplicate (R-81)."""

    event_name: ClassVar[str] = "customer_observed"
    division_code: DivisionCode | None = None
    """Administrative division of its seat."""


class OpenedManager(Part):
    """A manager whom the site had already named."""

    staff_code: Code
    """Staff code."""
    role: ManagerRole
    """A or B."""


class CustomerOpened(_ObservedCustomer):
    """A key account that the site already has, for the opening register; marked as such."""

    event_name: ClassVar[str] = "customer_opened"
    division_code: DivisionCode
    """Administrative division under which its ID is issued (R-31)."""
    owner_unit: Code
    """The unit that owns it."""
    managers: tuple[OpenedManager, ...] = ()
    """Its managers, if named."""
    opening: Literal[True]
    """Always true: this is an opening register, not a declaration."""
    opened_on: Day | None = None
    """Since when the site has it as a key account; absent: the day it is sent."""
    head_office_code: Code | None = None
    """The sender's code of its head office, when it is a branch (R-32)."""
    kind: Word | None = None
    """`commercial` or `policy` (R-15); absent: commercial."""
    specialty_class: Word | None = None
    """`comprehensive` or `specialty`, where the site tells them apart."""


class RevenueRecorded(Enterprise):
    """Revenue was earned, net of VAT. A reversal has a negative amount (and `reverses`)."""

    event_name: ClassVar[str] = "revenue_recorded"
    customer: CustomerReference
    """Whom it is about."""
    business_line: Label
    """Product or business line at the site."""
    amount: MoneyAmount
    """Net of VAT; counts as it stands, so what takes back is negative."""
    occurred_on: Day
    """The day the revenue belongs to."""
    signed_at_unit: Code | None = None
    """The unit where the agreement was signed (R-36)."""
    occurred_at_unit: Code | None = None
    """The unit where the business arose (R-37)."""
    reverses: Reverses | None = None
    """The revenue that this takes back, in part or in whole."""


class UnitRevenueReported(Enterprise):
    """A unit's whole revenue of a year: the denominator of shares (T-03)."""

    event_name: ClassVar[str] = "unit_revenue_reported"
    unit: Code
    """Code of the unit."""
    business_line: Label | None = None
    """Absent: all lines together."""
    year: Year
    """Calendar year."""
    amount: MoneyAmount
    """Revenue of the unit in that year, net of VAT."""
    reported_on: Day | None = None
    """The latest report of a unit, line and year holds; absent: the date of the message."""


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


class UsageRecorded(Enterprise):
    """A customer used something that is measured."""

    event_name: ClassVar[str] = "usage_recorded"
    customer: CustomerReference
    """Whom it is about."""
    metric: Label
    """What is measured: kwh, kva, parcels …"""
    value: Exact
    """How much, in the metric's unit."""
    period: Period
    """The year, quarter or month."""
    reverses: Reverses | None = None
    """The usage that this takes back; its value is negative."""


class ComplaintRaised(Enterprise):
    """A customer complained, asked, suggested or claimed (E-37)."""

    event_name: ClassVar[str] = "complaint_raised"
    customer: CustomerReference | None = None
    """Absent when the system knows no customer."""
    channel: Word
    """How it came: phone, online, letter, visit …"""
    kind: ComplaintKind
    """What the customer comes with."""
    category: Label | None = None
    """What it is about, in the sender's words."""
    text: Text
    """What the customer said."""
    occurred_at: Instant
    """When it happened."""
    disputed: FactRef | None = None
    """The charge, revenue or payment that it disputes."""
    unit: Code | None = None
    """The unit it concerns, if the sender knows."""


class ComplaintClosed(Enterprise):
    """A complaint was closed elsewhere; `ref` is that of the complaint."""

    event_name: ClassVar[str] = "complaint_closed"
    closed_at: Instant
    """When it was closed."""
    result: Text
    """How it ended."""


class TargetPerson(Part):
    """Whom the visit was for."""

    level: Word
    """Rank at the customer: `working-contact`, `department-head`, `key-decision-maker` … (E-08)."""
    name: Name | None = None
    """Name of the person; stays in engagement."""


class VisitReported(Enterprise):
    """Somebody of ours visited a customer."""

    event_name: ClassVar[str] = "visit_reported"
    customer: CustomerReference
    """Whom it is about."""
    visitors: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Staff codes, the leader first."""
    kind: Word
    """`dedicated` counts towards cadence, `business` does not (E-11)."""
    channel: Word = "visit"
    """visit, phone, mail, event (E-14)."""
    target_person: TargetPerson
    """Whom at the customer it was for."""
    started_at: Instant
    """When it began."""
    ended_at: Instant | None = None
    """When it ended; absent: not noted."""
    content: Text
    """What was said and agreed."""
    expense: MoneyAmount | None = None
    """Travel expense that is claimed (E-25)."""


class ContactLogged(Enterprise):
    """A call or message between a customer and us; feeds the trust index (R-54)."""

    event_name: ClassVar[str] = "contact_logged"
    customer: CustomerReference
    """Whom it is about."""
    channel: Word
    """How it came about: visit, phone, mail, event, online …"""
    company_channel: bool
    """Whether it went over a number or account that belongs to the company (R-53)."""
    staff_code: Code | None = None
    """Who of us, if known."""
    direction: Direction
    """Inbound: the customer began."""
    occurred_at: Instant
    """When it happened."""


class _StaffFact(Enterprise):
    staff_code: Code
    """Staff code."""
    name: Name | None = None
    """Name of the person; stays in registry."""
    on: Day
    """First day on which this holds; the latest wins."""


class StaffJoined(_StaffFact):
    """Somebody began to work here."""

    event_name: ClassVar[str] = "staff_joined"
    unit: Code
    """The unit they work for."""
    roles: tuple[Word, ...]
    """account_manager, finance, director … (R-08)."""


class StaffAssigned(_StaffFact):
    """Somebody works for another unit or in other roles from a day on."""

    event_name: ClassVar[str] = "staff_assigned"
    unit: Code
    """The unit they work for from that day on."""
    roles: tuple[Word, ...]
    """Roles from that day on."""


class StaffLeft(_StaffFact):
    """Somebody left; `on` is the first day without them (R-52)."""

    event_name: ClassVar[str] = "staff_left"
    unit: Code | None = None
    """The unit they left, if told."""
    roles: tuple[Word, ...] = ()
    """Roles they had, if told."""
