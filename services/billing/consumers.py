"""What billing listens to, and who takes it. Inside a batch it is worked through from the top."""

from __future__ import annotations

from services.billing.handlers import apply_handover, follow_identities, hold_accounts
from services.billing.handlers.arrears import hold_dunning
from services.billing.handlers.books import state_control_totals, state_opening_balances
from services.billing.handlers.concessions import compensate, follow_tiers
from services.billing.handlers.credit import follow_contracts, watch_exposure
from services.billing.handlers.receivables import cancel_charges, raise_charges, receive_payments
from services.billing.handlers.revenue import follow_terms, post_revenue
from shared.contracts.engagement import CompensationApproved, ComplaintChanged
from shared.contracts.enterprise import (
    ChargeCancelled,
    ChargeRaised,
    ControlTotalStated,
    OpeningBalanceStated,
    PaymentReceived,
    RevenueRecorded,
)
from shared.contracts.registry import (
    ContractSigned,
    CustomerChanged,
    CustomerIdentityChanged,
    HandoverStarted,
    OwnershipChanged,
    SplitChanged,
)
from shared.contracts.tiering import TierChanged
from shared.directory import directory
from shared.messaging.consumers import Consumers, each, many

CONSUMERS = Consumers(
    *directory(
        many(CustomerIdentityChanged, follow_identities.handle),
        many(CustomerChanged, watch_exposure.moved),
    ),
    many(OwnershipChanged, follow_terms.ownerships),
    many(SplitChanged, follow_terms.splits),
    many(ContractSigned, follow_contracts.handle),
    many(TierChanged, follow_tiers.handle),
    each(HandoverStarted, apply_handover.handle),
    many(RevenueRecorded, post_revenue.handle),
    many(OpeningBalanceStated, state_opening_balances.handle),
    many(ChargeRaised, raise_charges.handle),
    many(ChargeCancelled, cancel_charges.handle),
    many(PaymentReceived, receive_payments.handle),
    many(ControlTotalStated, state_control_totals.handle),
    many(ComplaintChanged, hold_dunning.handle),
    many(CompensationApproved, compensate.handle),
    before=hold_accounts.handle,
)
