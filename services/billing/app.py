"""The wiring of billing: the only place that puts it together."""

from __future__ import annotations

from fastapi import APIRouter

from services.billing.commands import COMMANDS
from services.billing.consumers import CONSUMERS
from services.billing.domain.arrears.ageing import AgeingBuckets
from services.billing.domain.arrears.dunning import DunningRules
from services.billing.domain.arrears.late_fees import LateFeePlan
from services.billing.domain.arrears.waivers import WaiverAuthority
from services.billing.domain.books.months import MonthClosing
from services.billing.domain.concessions.discount_rules import DiscountRules
from services.billing.domain.credit.limits import CreditLimits
from services.billing.domain.credit.scoring import CreditScoring
from services.billing.domain.credit.warnings import CreditWarnings
from services.billing.domain.desk.duties import MoneyDuties
from services.billing.domain.forms.exporting import BooksExport
from services.billing.domain.forms.revenue_table import RevenueTable
from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.purchase_rules import PurchaseRules
from services.billing.domain.receivables.charges import BillRules
from services.billing.domain.receivables.company_accounts import CompanyAccounts
from services.billing.domain.requests.rules import WriteOffRules
from services.billing.handlers.republish import REPUBLISH
from services.billing.imports import IMPORTS
from services.billing.settings import Settings
from services.billing.storage.tables import metadata
from services.billing.sweeps import SWEEPS
from shared.service import Service


def _routers() -> tuple[APIRouter, ...]:
    from services.billing.api import ROUTERS

    return ROUTERS


SERVICE = Service(
    name="billing",
    package="services.billing",
    settings=Settings,
    metadata=metadata,
    consumers=CONSUMERS,
    routers=_routers,
    sweeps=SWEEPS,
    policies=(
        LateFeePlan,
        WaiverAuthority,
        DepositTerms,
        PurchaseRules,
        DiscountRules,
        BillRules,
        CompanyAccounts,
        AgeingBuckets,
        DunningRules,
        RevenueTable,
        BooksExport,
        MonthClosing,
        *(CreditLimits, CreditScoring, CreditWarnings),
        *(MoneyDuties, WriteOffRules),
    ),
    imports=IMPORTS,
    republish=REPUBLISH,
    commands=COMMANDS,
)
