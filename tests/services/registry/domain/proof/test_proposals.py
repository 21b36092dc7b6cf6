"""R-09: the administrator proposes who develops and serves, the director approves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.centres.organisation import NoCentre
from services.registry.domain.proof.declaration_refusals import (
    AlreadyDecided,
    NoProposal,
    NotAProposer,
    OwnProposal,
)
from services.registry.domain.proof.declarations import (
    Declaration,
    DeclarationApproval,
    DeclarationState,
    Developers,
)
from services.registry.domain.proof.proposals import Proposal, propose, require_proposed

from ..organisations import ORGANISATION

DAY = date(2026, 3, 1)
POLICY = DeclarationApproval(("director",), ("customer_administrator",), True)
DECLARATION = Declaration(
    *(UUID(int=1), UUID(int=2), "GZ-TH", "S-MANAGER", DAY, None, "GZ-TH", ("GZ-PY",))
)
PROPOSAL = Proposal(UUID(int=1), 1, Developers("GZ-PY", ()), "S-ADMIN", DAY, "属地")


def administrator(unit: str) -> Actor:
    return Actor("S-ADMIN", unit, frozenset({"customer_administrator"}))


def director(code: str) -> Actor:
    return Actor(code, "GZ", frozenset({"director"}))


@pytest.mark.parametrize("unit", ["GZ-TH", "GZ", "GD"])
def test_r09_an_administrator_of_the_centre_or_above_proposes(unit: str) -> None:
    by = administrator(unit)
    found = propose(DECLARATION, by, ORGANISATION, POLICY, "GZ-TH", ["GZ-PY", "GZ-TH"])
    assert found == Developers("GZ-TH", ("GZ-PY",))


def test_r09_nobody_else_proposes() -> None:
    manager = Actor("S-X", "GZ-TH", frozenset({"account_manager", "director"}))
    for by in (administrator("GZ-PY"), administrator("SZ"), administrator("GZ-TH-SP"), manager):
        with pytest.raises(NotAProposer):
            propose(DECLARATION, by, ORGANISATION, POLICY, "GZ-TH", [])


def test_r04_r09_a_branch_is_not_proposed() -> None:
    with pytest.raises(NoCentre):
        propose(DECLARATION, administrator("GZ"), ORGANISATION, POLICY, "GZ-TH-SP", [])


def test_r09_nothing_is_proposed_about_what_is_decided() -> None:
    decided = replace(DECLARATION, state=DeclarationState.APPROVED, decided_on=DAY)
    with pytest.raises(AlreadyDecided):
        propose(decided, administrator("GZ"), ORGANISATION, POLICY, "GZ-TH", [])


def test_r09_the_director_gets_what_was_proposed_last() -> None:
    assert require_proposed(DECLARATION, PROPOSAL, director("S-D"), POLICY).said == "GZ-PY"


def test_r09_without_a_proposal_nothing_is_approved_where_policy_asks_for_one() -> None:
    with pytest.raises(NoProposal):
        require_proposed(DECLARATION, None, director("S-D"), POLICY)
    relaxed = replace(POLICY, is_proposal_required=False)
    said = require_proposed(DECLARATION, None, director("S-D"), relaxed)
    assert said == Developers("GZ-TH", ("GZ-PY",))


def test_r09_nobody_approves_the_own_proposal() -> None:
    with pytest.raises(OwnProposal):
        require_proposed(DECLARATION, PROPOSAL, director("S-ADMIN"), POLICY)
