"""R-20, R-36, R-37: with whom, where, and what follows from the place of a signature."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.registry.domain.belonging.contracts import Contract, InvalidTerm
from services.registry.domain.belonging.responsibility import NotResponsible
from services.registry.domain.centres.organisation import UnknownUnit
from services.registry.domain.register.customers import NotDeveloped
from services.registry.handlers.belonging import sign_contract
from services.registry.handlers.belonging.sign_contract import SignContract
from shared.contracts.registry import (
    ContractSigned,
    DisputeOpened,
    OwnershipChanged,
    ScopeChanged,
    SplitChanged,
)
from shared.identifiers import new_id
from shared.moments import InTheFuture
from shared.work import Work
from tests.services.registry.story import (
    APPROVED_ON,
    acting,
    approved,
    declared,
    managed,
    signed,
    told,
)
from tests.support import cast

SIGNED_ON = date(2026, 2, 2)


async def test_r20_nobody_signs_with_a_customer_that_is_not_approved(work: Work) -> None:
    declaration = await declared(work)
    contract = Contract(new_id(), declaration.customer_key, "GZ-TH", SIGNED_ON)
    command = SignContract(contract, acting(cast.COUNTY_MANAGER))
    with pytest.raises(NotDeveloped):
        await sign_contract.handle(work, command)


async def test_r36_a_signature_at_home_confirms_the_owner(work: Work) -> None:
    key = await approved(work)
    await signed(work, key, "GZ-TH-01", SIGNED_ON, business_lines=("函件",))
    owner = told(work, OwnershipChanged)[-1]
    assert (owner.owner_unit, owner.rule, owner.effective_on) == (
        *("GZ-TH", "signing-place"),
        SIGNED_ON,
    )
    assert len(told(work, SplitChanged)) == 1
    assert told(work, ContractSigned)[0].business_lines == ("函件",)
    assert told(work, DisputeOpened) == []


async def test_r36_the_place_of_the_first_signature_makes_the_owner(work: Work) -> None:
    key = await approved(work)
    await managed(work, key)
    await signed(work, key, "SZ-NS", SIGNED_ON)
    owner = told(work, OwnershipChanged)[-1]
    assert (owner.owner_unit, owner.rule, owner.supersedes) == ("SZ-NS", "signing-place", 1)
    split = told(work, SplitChanged)[-1]
    assert [part.unit for part in split.base] == ["SZ-NS"]
    assert (split.entity.version, split.effective_on) == (2, SIGNED_ON)
    grants = told(work, ScopeChanged)[-1].grants
    money = {
        (grant.unit, grant.from_on, grant.until_on) for grant in grants if grant.aspect == "money"
    }
    assert ("SZ-NS", SIGNED_ON, None) in money
    assert ("GZ", APPROVED_ON, None) in money, "the city's manager still looks after it"


async def test_r37_a_later_signature_elsewhere_opens_a_dispute_and_changes_nothing(
    work: Work,
) -> None:
    key = await approved(work)
    await signed(work, key, "GZ-TH", SIGNED_ON)
    before = len(told(work, OwnershipChanged))
    await signed(work, key, "GZ-PY", SIGNED_ON)
    assert len(told(work, OwnershipChanged)) == before
    (dispute,) = told(work, DisputeOpened)
    assert (dispute.parties, dispute.ruling_unit) == (("GZ-PY", "GZ-TH"), "GZ")
    await signed(work, key, "SZ", SIGNED_ON)
    assert len(told(work, DisputeOpened)) == 1, "one at a time"


async def test_r37_business_announced_elsewhere_opens_a_dispute(work: Work) -> None:
    key = await approved(work)
    await signed(work, key, "GZ-TH", SIGNED_ON, business_at_units=("GZ-TH-01", "SZ-NS"))
    (dispute,) = told(work, DisputeOpened)
    assert (dispute.parties, dispute.ruling_unit) == (("GZ-TH", "SZ-NS"), "GD")


async def test_r46_only_those_responsible_sign(work: Work) -> None:
    key = await approved(work)
    contract = Contract(new_id(), key, "SZ", SIGNED_ON)
    with pytest.raises(NotResponsible):
        command = SignContract(contract, acting(cast.OTHER_CITY_MANAGER))
        await sign_contract.handle(work, command)


async def refused(work: Work, key: UUID, refusal: type[Exception], contract: Contract) -> None:
    """The county's manager cannot sign that."""
    command = SignContract(contract, acting(cast.COUNTY_MANAGER))
    with pytest.raises(refusal):
        await sign_contract.handle(work, command)


async def test_a_contract_has_its_days_in_order_and_its_units_known(work: Work) -> None:
    key = await approved(work)
    early, tomorrow = date(2026, 1, 11), date(2026, 3, 17)
    await refused(work, key, InvalidTerm, Contract(new_id(), key, "GZ-TH", early))
    await refused(work, key, InTheFuture, Contract(new_id(), key, "GZ-TH", tomorrow))
    ended = Contract(new_id(), key, "GZ-TH", SIGNED_ON, valid_until_on=APPROVED_ON)
    await refused(work, key, InvalidTerm, ended)
    await refused(work, key, UnknownUnit, Contract(new_id(), key, "XX", SIGNED_ON))
    assert told(work, ContractSigned) == []


async def test_r36_a_contract_entered_late_but_signed_first_settles_the_territory(
    work: Work,
) -> None:
    key = await approved(work)
    await signed(work, key, "GZ-PY", SIGNED_ON)
    assert told(work, OwnershipChanged)[-1].owner_unit == "GZ-PY"
    contract = Contract(new_id(), key, "GZ-TH", date(2026, 1, 20))
    await sign_contract.handle(work, SignContract(contract, acting(cast.MANAGER_A)))
    owner = told(work, OwnershipChanged)[-1]
    assert (owner.owner_unit, owner.effective_on) == ("GZ-TH", date(2026, 1, 20))
    assert told(work, DisputeOpened)[0].parties == ("GZ-PY", "GZ-TH")


async def test_r30_the_kind_of_a_contract_is_told(work: Work) -> None:
    """R-30: whoever demands a supply contract has to hear which one was signed."""
    key = await approved(work)
    await signed(work, key, "GZ-TH", SIGNED_ON, kind="supply")
    await signed(work, key, "GZ-TH", SIGNED_ON)
    assert [fact.kind for fact in told(work, ContractSigned)] == ["supply", "cooperation"]
