"""The wiring of billing: the only place that puts it together."""

from __future__ import annotations

from shared.service import Service

from .consumers import CONSUMERS
from .domain.company_accounts import CompanyAccounts
from .domain.deposit_terms import DepositTerms
from .domain.late_fees import LateFeePlan
from .settings import Settings
from .storage.tables import metadata

SERVICE = Service(
    name="billing",
    package="services.billing",
    settings=Settings,
    metadata=metadata,
    consumers=CONSUMERS,
    policies=(LateFeePlan, DepositTerms, CompanyAccounts),
)
