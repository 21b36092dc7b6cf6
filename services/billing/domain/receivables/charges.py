"""Charges: what a customer was billed, in instalments, with the VAT in it (B-13, B-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from shared.errors import Invalid, Refusal
from shared.money import CENT, to_cents

from ..books.accounts import Account
from ..books.journal import Line, moved

NOTHING = Decimal(0)
LAST_NUMBER = 99_999_999
"""The largest number of an instalment: numbers are compared as texts of eight digits."""


@dataclass(frozen=True)
class BillRules:
    """What a site takes of bills that others write.

    A bill rounds the tax of its lines one by one: in all it may be `tax_tolerance` yuan from what
    its rate gives.
    """

    policy_name: ClassVar[str] = "bills"

    tax_tolerance: Decimal


class InvalidCharge(Invalid):
    """A charge contradicts itself: dates, instalments or tax do not fit its amount."""

    code = "invalid-charge"
    rule = "B-13"
    title_zh = "账单自相矛盾"
    title_en = "The charge contradicts itself"


class BilledTwice(Refusal):
    """The sender's number is in the books: as a charge, or taken over as an opening balance."""

    code = "billed-twice"
    status = 409
    rule = "B-35"
    title_zh = "该账单已入账"
    title_en = "Billed twice"


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a charge: gross yuan, due on the last day in time."""

    number: int
    amount: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Charge:
    """What was billed, in yuan: `gross` contains `tax`."""

    charge_id: UUID
    system: str
    ref: str
    customer_key: UUID
    business_line: str
    gross: Decimal
    tax: Decimal
    issued_on: date
    tariff_class: str
    instalments: tuple[Instalment, ...]


_NOT_ABOVE_ZERO = (
    "/amount",
    "账单金额须大于零",
    "a charge is above zero; what takes back is a cancellation",
)
_NEGATIVE_RATE = ("/tax_rate", "税率不能为负", "the tax rate cannot be negative")
_IMPOSSIBLE_TAX = (
    "/tax_amount",
    "税额须在零与金额之间",
    "the tax lies between zero and the amount",
)
_OTHER_TAX = (
    "/tax_amount",
    "税额与税率不符",
    "the tax does not fit the rate",
)
_OTHER_SUM = (
    "/instalments",
    "各期金额之和须等于账单金额",
    "the instalments must sum to the amount",
)
_EMPTY_PART = ("/instalments", "每期金额须大于零", "every instalment is above zero")
_NUMBER_TOO_LARGE = (
    "/instalments",
    f"期号不能超过 {LAST_NUMBER}",
    f"the number of an instalment is at most {LAST_NUMBER}",
)
_SAME_NUMBER = ("/instalments", "期号不能重复", "two instalments have the same number")
_DUE_TOO_EARLY = (
    "/due_on",
    "到期日不能早于开票日",
    "the due date lies before the issue date",
)


def tax_in(gross: Decimal, tax: Decimal | None, rate: Decimal | None) -> Decimal:
    """The VAT contained in `gross` (yuan): as told, else from `rate` (a fraction), else none."""
    if tax is not None:
        return tax
    return to_cents(gross * rate / (1 + rate)) if rate else NOTHING


def objection(
    charge: Charge,
    *,
    tax_rate: Decimal | None = None,
    rules: BillRules | None = None,
    at: str = "/data",
) -> InvalidCharge | None:
    """Why `charge` cannot be posted, or None; `at` is where its fields stand in what was sent.

    `rules` are needed where the tax was told beside its rate.
    """
    parts = charge.instalments
    whole = sum((part.amount for part in parts), NOTHING)
    checks = (
        (charge.gross > 0, _NOT_ABOVE_ZERO),
        (tax_rate is None or tax_rate >= 0, _NEGATIVE_RATE),
        (0 <= charge.tax < max(charge.gross, CENT), _IMPOSSIBLE_TAX),
        (_fits(charge, tax_rate, rules), _OTHER_TAX),
        (whole == charge.gross, _OTHER_SUM),
        (all(part.amount > 0 for part in parts), _EMPTY_PART),
        (len({part.number for part in parts}) == len(parts), _SAME_NUMBER),
        (all(part.number <= LAST_NUMBER for part in parts), _NUMBER_TOO_LARGE),
        (all(part.due_on >= charge.issued_on for part in parts), _DUE_TOO_EARLY),
    )
    for holds, (pointer, chinese, english) in checks:
        if not holds:
            return InvalidCharge(chinese, english, pointer=at + pointer, ref=charge.ref)
    return None


def _fits(charge: Charge, tax_rate: Decimal | None, rules: BillRules | None) -> bool:
    """Whether the tax comes from the rate, give or take what rounding its lines may come to."""
    if rules is None or tax_rate is None or tax_rate < 0:
        return True
    return abs(charge.tax - tax_in(charge.gross, None, tax_rate)) <= rules.tax_tolerance


def billed(
    parts: Sequence[tuple[UUID, Decimal]],
    tax: Decimal,
    on: date,
    customer_key: UUID,
    *,
    against: Account = Account.BILLED_CLEARING,
) -> tuple[Line, ...]:
    """Dr receivable by item, Cr output VAT, Cr billed clearing (or what else it is `against`).

    `parts` are items with their gross yuan. The VAT is credited out of the first ones, as far as
    it goes.
    """
    lines: list[Line] = []
    for item_id, amount in parts:
        vat = min(tax, amount)
        tax -= vat
        for part, account in (
            (amount - vat, against),
            (vat, Account.OUTPUT_VAT),
        ):
            lines += moved(part, Account.RECEIVABLE, account, on, customer_key, item_id=item_id)
    return tuple(lines)
