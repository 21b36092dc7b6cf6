"""What is taken back of a charge, in part or in whole: of which instalment, and on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.errors import Refusal
from shared.money import to_cents

from ..books.accounts import Account
from ..books.journal import Line, moved
from .charges import NOTHING, Instalment


class CancellationTooLarge(Refusal):
    """More would be cancelled than the charge still has."""

    code = "cancellation-too-large"
    rule = "B-34"
    title_zh = "取消超过账单余额"
    title_en = "The cancellation exceeds the charge"


def left_of(instalments: Sequence[Instalment], cancelled: Decimal) -> dict[int, Decimal]:
    """What each instalment (by number) still asks for after `cancelled` yuan of the charge.

    A cancellation takes the instalment due last first.
    """
    left: dict[int, Decimal] = {}
    rest = cancelled
    for part in sorted(instalments, key=lambda part: (part.due_on, part.number), reverse=True):
        taken = min(rest, part.amount)
        left[part.number] = part.amount - taken
        rest -= taken
    assert not rest, "no more is cancelled than was charged"
    return left


def tax_left(charge_gross: Decimal, charge_tax: Decimal, cancelled: Decimal) -> Decimal:
    """The VAT still in a charge after `cancelled` yuan of it, in proportion, to the cent."""
    return to_cents(charge_tax * (charge_gross - cancelled) / charge_gross)


@dataclass(frozen=True, slots=True)
class Taking:
    """Gross yuan of a charge that were taken back, as its sender numbers that."""

    on: date
    system: str
    ref: str
    amount: Decimal


Credited = dict[tuple[date, int, Account], Decimal]
"""Yuan taken off an instalment (by number) on a day, by the account that had been credited."""


def taken_back(
    instalments: Sequence[Instalment],
    tax: Decimal,
    issued_on: date,
    takings: Iterable[Taking],
    *,
    against: Account = Account.BILLED_CLEARING,
) -> Credited:
    """What `takings` take off which instalment and when, whichever was heard of first.

    They come in the order of their days, then numbers; none holds before the bill. The VAT (`tax`
    yuan in the whole) goes out of the first instalments that each reduces.
    """
    gross = sum((part.amount for part in instalments), NOTHING)
    credited: Credited = {}
    so_far = NOTHING
    for taking in sorted(takings, key=lambda each: (each.on, each.system, each.ref)):
        before, after = (left_of(instalments, each) for each in (so_far, so_far + taking.amount))
        vat = tax_left(gross, tax, so_far) - tax_left(gross, tax, so_far + taking.amount)
        so_far += taking.amount
        for number in sorted(before):
            less = before[number] - after[number]
            of_vat = min(vat, less)
            vat -= of_vat
            for account, amount in ((against, less - of_vat), (Account.OUTPUT_VAT, of_vat)):
                key = max(taking.on, issued_on), number, account
                credited[key] = credited.get(key, NOTHING) + amount
    return credited


def taken_more(
    before: Credited, after: Credited, items: Mapping[int, UUID], customer_key: UUID
) -> tuple[Line, ...]:
    """The lines by which `after` differs from `before`; `items` are the instalments by number."""
    return tuple(
        line
        for on, number, account in sorted(before.keys() | after.keys())
        for line in moved(
            after.get((on, number, account), NOTHING) - before.get((on, number, account), NOTHING),
            account,
            Account.RECEIVABLE,
            on,
            customer_key,
            item_id=items[number],
        )
    )
