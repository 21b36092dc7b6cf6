"""R-20, R-21, R-04, R-09, R-81: declared, chained, approved or refused before any development."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.registry.domain.proof.declaration_refusals import (
    AlreadyDecided,
    DeviationUnexplained,
    NotTheSuperior,
    OwnDeclaration,
)
from services.registry.domain.register.customers import BranchOfABranch, CustomerState
from services.registry.domain.register.divisions import RetiredDivision, UnknownDivision
from services.registry.domain.register.observations import CustomerExists, InvalidCreditCode
from services.registry.handlers.proof import (
    approve_declaration,
    refuse_declaration,
    submit_declaration,
)
from services.registry.handlers.proof.approve_declaration import ApproveDeclaration
from services.registry.handlers.proof.refuse_declaration import RefuseDeclaration
from services.registry.handlers.proof.submit_declaration import SubmitDeclaration
from services.registry.storage.proof import declarations
from services.registry.storage.register.customers import CodeTaken
from shared.contracts.registry import (
    CustomerChanged,
    OwnershipChanged,
    ScopeChanged,
    SplitChanged,
)
from shared.directory import customers as directory
from shared.errors import StaleVersion
from shared.moments import InTheFuture
from shared.work import Work
from tests.services.registry.story import (
    APPROVED_ON,
    DECLARED_ON,
    Declaring,
    acting,
    approved,
    customer,
    declared,
    mechanics,
    proposed,
    told,
)
from tests.support import cast

CREDIT_CODE = "91110000600037341L"


async def test_r20_a_declared_customer_has_a_key_and_may_not_be_developed(work: Work) -> None:
    declaration = await declared(work)
    (fact,) = told(work, CustomerChanged)
    assert (fact.state, fact.customer_id, fact.declared_on) == ("declared", None, DECLARED_ON)
    assert told(work, OwnershipChanged) == []
    with pytest.raises(directory.UnapprovedCustomer):
        await directory.require_developed(work, declaration.customer_key)


async def test_r20_an_approved_customer_may_be_developed_and_has_an_owner(work: Work) -> None:
    key = await approved(work)
    await directory.require_developed(work, key)
    (owner,) = told(work, OwnershipChanged)
    assert (owner.owner_unit, owner.rule, owner.effective_on) == (
        *("GZ-TH", "declaration"),
        APPROVED_ON,
    )
    (split,) = told(work, SplitChanged)
    assert [(part.unit, str(part.share)) for part in split.base] == [("GZ-TH", "1")]


async def test_r09_the_director_may_decide_otherwise_than_proposed(work: Work) -> None:
    declaration = await proposed(work, await declared(work))
    otherwise = ApproveDeclaration(
        *(declaration.declaration_id, acting(cast.CITY_DIRECTOR), 2, APPROVED_ON),
        development_unit="GZ-PY",
        joint_units=["GZ-TH"],
    )
    with pytest.raises(DeviationUnexplained):
        await approve_declaration.handle(work, otherwise)
    await approve_declaration.handle(work, replace(otherwise, reason="业务在番禺"))
    assert told(work, OwnershipChanged)[0].owner_unit == "GZ-PY"
    assert (await customer(work, declaration.customer_key)).joint_units == ("GZ-TH",)
    decided = await declarations.find(work, declaration.declaration_id)
    assert decided.decision_reason == "业务在番禺"


async def test_r04_what_a_branch_reports_is_declared_by_its_centre(work: Work) -> None:
    declaration = await declared(work, Declaring(by=cast.BRANCH_STAFF))
    assert (declaration.declaring_unit, declaration.reporting_branch) == ("GZ-TH", "GZ-TH-01")
    scope = told(work, ScopeChanged)[-1]
    assert {(grant.unit, grant.aspect.value) for grant in scope.grants} == {
        ("GZ-TH", "base"),
        ("GZ-TH-01", "base"),
    }


async def test_r20_only_a_centre_above_approves_and_nobody_their_own(work: Work) -> None:
    declaration = await declared(work, Declaring(by=cast.COUNTY_DIRECTOR))
    for person, refusal in (
        (cast.COUNTY_DIRECTOR, OwnDeclaration),
        (cast.OTHER_CITY_DIRECTOR, NotTheSuperior),
    ):
        command = ApproveDeclaration(declaration.declaration_id, acting(person), 1, APPROVED_ON)
        with pytest.raises(refusal):
            await approve_declaration.handle(work, command)


async def test_r20_a_refused_customer_is_closed_and_may_be_declared_again(work: Work) -> None:
    how = Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE))
    declaration = await declared(work, how)
    command = RefuseDeclaration(
        declaration.declaration_id, acting(cast.CITY_DIRECTOR), 1, "信息不全", APPROVED_ON
    )
    await refuse_declaration.handle(work, command)
    refused = await customer(work, declaration.customer_key)
    assert (refused.state, refused.closed_on) == (CustomerState.CLOSED, APPROVED_ON)
    assert "信息不全" not in told(work, CustomerChanged)[-1].model_dump_json()
    assert (await declared(work, how)).customer_key != declaration.customer_key


async def test_a_declaration_is_decided_once_and_by_whoever_saw_it(work: Work) -> None:
    declaration = await proposed(work, await declared(work))
    director = acting(cast.CITY_DIRECTOR)
    for stale in (1, 3):
        with pytest.raises(StaleVersion):
            await approve_declaration.handle(
                work, ApproveDeclaration(declaration.declaration_id, director, stale)
            )
    await approve_declaration.handle(
        work, ApproveDeclaration(declaration.declaration_id, director, 2)
    )
    with pytest.raises(AlreadyDecided):
        await refuse_declaration.handle(
            work, RefuseDeclaration(declaration.declaration_id, director, 3, "再议")
        )


async def test_r33_a_division_is_checked_on_the_day_of_the_declaration(work: Work) -> None:
    for division, refusal in (("440116", RetiredDivision), ("449999", UnknownDivision)):
        with pytest.raises(refusal):
            await declared(work, Declaring(customer=mechanics(division_code=division)))


async def test_a_declaration_is_not_made_tomorrow(work: Work) -> None:
    command = SubmitDeclaration(
        acting(cast.COUNTY_MANAGER), mechanics(), work.today + timedelta(days=1)
    )
    with pytest.raises(InTheFuture):
        await submit_declaration.handle(work, command)


async def test_r81_a_customer_declared_before_is_refused_with_the_centre_to_ask(
    work: Work,
) -> None:
    how = Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE.lower()))
    await approved(work, how)
    again = Declaring(by=cast.OTHER_CITY_MANAGER, customer=how.customer)
    with pytest.raises(CustomerExists) as refusal:
        await declared(work, again)
    assert refusal.value.facts["centre"] == "GZ-TH"
    assert "南方机械" not in refusal.value.detail_zh


async def test_r81_a_branch_may_share_the_credit_code_of_its_head_office(work: Work) -> None:
    head = await approved(work, Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE)))
    branch = mechanics(unified_credit_code=CREDIT_CODE, head_office_key=head)
    first = await declared(work, Declaring(customer=branch))
    assert await declared(work, Declaring(customer=branch))
    with pytest.raises(BranchOfABranch):
        await declared(work, Declaring(customer=mechanics(head_office_key=first.customer_key)))


async def test_a_credit_code_that_is_none_is_refused(work: Work) -> None:
    wrong = mechanics(unified_credit_code="91110000600037341M")
    with pytest.raises(InvalidCreditCode):
        await declared(work, Declaring(customer=wrong))


async def test_a_code_of_another_system_belongs_to_one_customer(work: Work) -> None:
    await declared(work, Declaring(customer=mechanics(codes=[("erp", "C-9")])))
    assert [(c.system, c.code) for c in told(work, CustomerChanged)[0].codes] == [("erp", "C-9")]
    with pytest.raises(CodeTaken):
        await declared(work, Declaring(customer=mechanics(codes=[("erp", "C-9")])))
