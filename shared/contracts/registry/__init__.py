"""What registry publishes: `dakehu.registry.<event>.v1`, by subject."""

from __future__ import annotations

from shared.contracts.registry import (
    answers,
    archive,
    belonging,
    centres,
    customers,
    disputes,
    framework_contracts,
    handovers,
    scope,
)
from shared.contracts.registry.answers import FactRefused
from shared.contracts.registry.archive import ArchiveOverdue
from shared.contracts.registry.belonging import (
    ManagersAssigned,
    OwnershipChanged,
    Phase,
    SplitChanged,
    SplitShare,
)
from shared.contracts.registry.centres import StaffChanged, StaffState, UnitChanged, UnitLevel
from shared.contracts.registry.customers import (
    CustomerChanged,
    CustomerCode,
    CustomerIdentityChanged,
    CustomerState,
)
from shared.contracts.registry.disputes import (
    DisputeClosed,
    DisputeOpened,
    DisputeOverdue,
    DisputeRuled,
)
from shared.contracts.registry.framework_contracts import ContractSigned
from shared.contracts.registry.handovers import (
    HandoverAnswer,
    HandoverCompleted,
    HandoverStarted,
    ManagerPair,
    Succession,
)
from shared.contracts.registry.scope import Aspect, Grant, ScopeChanged

SUBJECTS = (
    centres,
    customers,
    scope,
    belonging,
    disputes,
    framework_contracts,
    handovers,
    archive,
    answers,
)
"""The modules of its events, in the order in which documents list them."""

__all__ = [
    "SUBJECTS",
    "ArchiveOverdue",
    "Aspect",
    "ContractSigned",
    "CustomerChanged",
    "CustomerCode",
    "CustomerIdentityChanged",
    "CustomerState",
    "DisputeClosed",
    "DisputeOpened",
    "DisputeOverdue",
    "DisputeRuled",
    "FactRefused",
    "Grant",
    "HandoverAnswer",
    "HandoverCompleted",
    "HandoverStarted",
    "ManagerPair",
    "ManagersAssigned",
    "OwnershipChanged",
    "Phase",
    "ScopeChanged",
    "SplitChanged",
    "SplitShare",
    "StaffChanged",
    "StaffState",
    "Succession",
    "UnitChanged",
    "UnitLevel",
]
