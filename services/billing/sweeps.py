"""What falls due in billing, in this order within one business date."""

from __future__ import annotations

from services.billing.handlers.arrears import dun
from services.billing.handlers.credit import assess_credit, reserve_credit, watch_exposure
from services.billing.handlers.objects import (
    apply_deposit,
    register_sale,
    release_objects,
)
from services.billing.handlers.receivables import sweep_accounts
from services.billing.handlers.requests import correct_many
from services.billing.handlers.revenue import follow_terms
from shared.sweeps import Sweeps, daily, daily_in_portions

SWEEPS = Sweeps(
    daily("apply-deposits", apply_deposit.apply_signed),
    daily("expire-deposits", release_objects.expire_due),
    daily("miss-contracts", release_objects.miss_contracts),
    daily("recognise-sales", register_sale.recognise_waiting),
    daily_in_portions("correct-by-policy", correct_many.portion),
    daily_in_portions("mark-overdue", sweep_accounts.overdue_portion),
    daily_in_portions("accrue-late-fees", sweep_accounts.late_fees_portion),
    daily_in_portions("dun", dun.portion),
    daily("expire-reservations", reserve_credit.expire_due),
    daily_in_portions("assess-credit", assess_credit.portion),
    daily_in_portions("review-credit", watch_exposure.review_portion),
    daily("restate-stale-shares", follow_terms.repair),
)
