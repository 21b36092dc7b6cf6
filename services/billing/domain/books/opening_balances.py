"""What customers owed and had with us when the books began (B-34).

A receivable keeps its due date, so it ages from there; late fees count from the day after the
opening, since what came before is the old books'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.errors import Invalid

from ..receivables.charges import Charge, Instalment


class InvalidOpeningBalance(Invalid):
    """An opening balance contradicts itself."""

    code = "invalid-opening-balance"
    rule = "B-34"
    title_zh = "期初余额自相矛盾"
    title_en = "The opening balance contradicts itself"


@dataclass(frozen=True, slots=True)
class OpenReceivable:
    """What a customer owed (yuan) when the books began, under the old books' number."""

    charge_id: UUID
    system: str
    ref: str
    customer_key: UUID
    business_line: str
    tariff_class: str
    amount: Decimal
    opened_on: date
    due_on: date

    def as_charge(self) -> Charge:
        """A charge of one part, without VAT: what was due on it is in the old books."""
        return Charge(
            charge_id=self.charge_id,
            system=self.system,
            ref=self.ref,
            customer_key=self.customer_key,
            business_line=self.business_line,
            gross=self.amount,
            tax=Decimal(0),
            issued_on=self.opened_on,
            tariff_class=self.tariff_class,
            instalments=(Instalment(1, self.amount, self.due_on),),
        )


_NOT_ABOVE_ZERO = (
    "/data/amount",
    "期初余额须大于零；冲回的须指明所冲销的期初余额",
    "an opening balance is above zero; what takes back names the one that it reverses",
)
_NOT_BELOW_ZERO = (
    "/data/amount",
    "冲回的金额须小于零",
    "what takes back an opening balance is below zero",
)
_NO_DUE_DATE = ("/data/due_on", "应收款须有到期日", "a receivable has a due date")
_NO_LINE = ("/data/business_line", "应收款须有业务种类", "a receivable has a business line")


def objection(
    amount: Decimal,
    *,
    is_receivable: bool,
    due_on: date | None,
    business_line: str | None,
    is_reversal: bool,
) -> InvalidOpeningBalance | None:
    """Why an opening balance of `amount` yuan cannot be taken, or None."""
    checks = (
        (amount > 0 or is_reversal, _NOT_ABOVE_ZERO),
        (amount < 0 or not is_reversal, _NOT_BELOW_ZERO),
        (due_on is not None or is_reversal or not is_receivable, _NO_DUE_DATE),
        (bool(business_line) or is_reversal or not is_receivable, _NO_LINE),
    )
    for holds, (pointer, chinese, english) in checks:
        if not holds:
            return InvalidOpeningBalance(chinese, english, pointer=pointer)
    return None
