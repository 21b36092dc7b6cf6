"""What billing publishes: `dakehu.billing.<event>.v1`, by subject."""

from __future__ import annotations

from shared.contracts.billing import (
    answers,
    arrears,
    books,
    concessions,
    credit,
    objects,
    receivables,
    revenue,
)
from shared.contracts.billing.answers import FactRefused, HandoverApplied
from shared.contracts.billing.arrears import (
    DunningRaised,
    DunningWithdrawn,
    LateFeePart,
    LateFeePosted,
)
from shared.contracts.billing.books import MonthClosed, UnitMonth
from shared.contracts.billing.concessions import (
    CompensationPosted,
    CompensationRefused,
    DiscountDecided,
)
from shared.contracts.billing.credit import CreditAssessed, CreditExceeded, CreditLimitChanged
from shared.contracts.billing.objects import (
    DepositChanged,
    DepositKind,
    DepositState,
    SaleCancelled,
    SaleContractSigned,
    SaleRegistered,
)
from shared.contracts.billing.receivables import (
    Allocation,
    InstalmentBalance,
    PaymentApplied,
    PaymentUnapplied,
    ReceivableChanged,
    ReceivableState,
)
from shared.contracts.billing.revenue import (
    Restatement,
    RevenuePosted,
    RevenueShare,
    ShareKind,
    SplitRef,
)

SUBJECTS = (revenue, receivables, arrears, credit, objects, concessions, books, answers)
"""The modules of its events, in the order in which documents list them."""

__all__ = [
    "SUBJECTS",
    "Allocation",
    "CompensationPosted",
    "CompensationRefused",
    "CreditAssessed",
    "CreditExceeded",
    "CreditLimitChanged",
    "DepositChanged",
    "DepositKind",
    "DepositState",
    "DiscountDecided",
    "DunningRaised",
    "DunningWithdrawn",
    "FactRefused",
    "HandoverApplied",
    "InstalmentBalance",
    "LateFeePart",
    "LateFeePosted",
    "MonthClosed",
    "PaymentApplied",
    "PaymentUnapplied",
    "ReceivableChanged",
    "ReceivableState",
    "Restatement",
    "RevenuePosted",
    "RevenueShare",
    "SaleCancelled",
    "SaleContractSigned",
    "SaleRegistered",
    "ShareKind",
    "SplitRef",
    "UnitMonth",
]
