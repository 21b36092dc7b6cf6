"""What tests of billing tell and ask: facts of other systems in, figures of the books out."""

from __future__ import annotations

from tests.services.billing.books.asking import (
    balances,
    check_books,
    fate_codes,
    open_items,
    told,
    total,
    unapplied,
    unit_revenue,
)
from tests.services.billing.books.taking import agreed, as_fact, enter, finish, take
from tests.services.billing.books.telling import (
    COMPANY_ACCOUNT,
    JANUARY,
    MARCH,
    cancelled,
    charge,
    merged,
    named,
    opening,
    owned,
    payment,
    revenue,
    split,
    yuan,
)

__all__ = [
    "COMPANY_ACCOUNT",
    "JANUARY",
    "MARCH",
    "agreed",
    "as_fact",
    "balances",
    "cancelled",
    "charge",
    "check_books",
    "enter",
    "fate_codes",
    "finish",
    "merged",
    "named",
    "open_items",
    "opening",
    "owned",
    "payment",
    "revenue",
    "split",
    "take",
    "told",
    "total",
    "unapplied",
    "unit_revenue",
    "yuan",
]
