"""E-37: one person proposes a compensation, another approves it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.engagement.domain.complaints.compensation import (
    AlreadyApproved,
    ApprovedByProposer,
    NobodyToCompensate,
    approve,
    propose,
)
from shared.errors import Invalid
from shared.identifiers import derived_id

CUSTOMER = derived_id("customer", 1)
IDS = (derived_id("compensation", 1), derived_id("complaint", 1))


def test_a_compensation_is_approved_by_another_person_than_its_proposer() -> None:
    proposal = propose(*IDS, CUSTOMER, Decimal("200.00"), "S-HANDLER")
    with pytest.raises(ApprovedByProposer):
        approve(proposal, "S-HANDLER")
    approved = approve(proposal, "S-DIRECTOR")
    assert (approved.approved_by, approved.version) == ("S-DIRECTOR", 2)
    with pytest.raises(AlreadyApproved):
        approve(approved, "S-OTHER")


def test_nobody_is_compensated_with_nothing() -> None:
    assert propose(*IDS, CUSTOMER, Decimal("0.01"), "S-HANDLER").amount == Decimal("0.01")
    with pytest.raises(Invalid):
        propose(*IDS, CUSTOMER, Decimal("0.00"), "S-HANDLER")


def test_a_case_without_a_customer_has_nobody_to_compensate() -> None:
    with pytest.raises(NobodyToCompensate):
        propose(*IDS, None, Decimal("200.00"), "S-HANDLER")
