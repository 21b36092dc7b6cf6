"""R-33, C18: an ID is for life: through a closing, a new decision, and every move."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.registry.domain.archive.custody.assets import AssetState
from services.registry.domain.cases.disputes import DisputeRules
from services.registry.domain.people.handovers import HandoverReason
from services.registry.domain.register.closing import StillOpen
from services.registry.domain.register.customers import Customer, WrongState
from services.registry.domain.register.divisions import RetiredDivision
from services.registry.domain.register.moves import SameDivision
from services.registry.domain.register.observations import CustomerExists
from services.registry.handlers.archive.custody import lend_original
from services.registry.handlers.archive.custody.lend_original import MoveLoan
from services.registry.handlers.cases import open_dispute, rule_dispute
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.handlers.cases.rule_dispute import RuleDispute
from services.registry.handlers.handovers import hear_answers, start
from services.registry.handlers.handovers.start import StartHandover
from services.registry.handlers.proof import refuse_declaration
from services.registry.handlers.proof.refuse_declaration import RefuseDeclaration
from services.registry.handlers.register import (
    close_customer,
    move_customer,
    register_customer,
    suspend_customer,
)
from services.registry.handlers.register.close_customer import CloseCustomer
from services.registry.handlers.register.move_customer import MoveCustomer
from services.registry.handlers.register.register_customer import RegisterCustomer
from services.registry.handlers.register.suspend_customer import SuspendCustomer
from services.registry.storage.archive import custody
from services.registry.storage.people import handovers
from shared.contracts.registry import CustomerChanged
from shared.errors import StaleVersion
from shared.moments import InTheFuture
from shared.policy import in_force
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import OPENED_ON, claimed, ruling
from tests.services.registry.handlers.identity.test_merging import merge, two
from tests.services.registry.handlers.people.test_handing_over import BOTH, answer
from tests.services.registry.handlers.register.test_opening import CREDIT_CODE
from tests.services.registry.story import (
    Declaring,
    acting,
    approved,
    customer,
    declared,
    lent,
    managed,
    mechanics,
    registered,
    told,
)
from tests.support import cast


async def closed(work: Work, key: UUID, on: date | None = None) -> Customer:
    """The customer, closed by the city's director."""
    by, version = acting(cast.CITY_DIRECTOR), (await customer(work, key)).version
    return await close_customer.handle(work, CloseCustomer(key, by, version, "企业注销", on))


async def reopened(work: Work, key: UUID) -> Customer:
    by, version = acting(cast.CITY_DIRECTOR), (await customer(work, key)).version
    return await close_customer.reopen(work, CloseCustomer(key, by, version, "恢复经营"))


async def moved(work: Work, key: UUID, to: str, on: date | None = None) -> Customer:
    by, version = acting(cast.COUNTY_MANAGER), (await customer(work, key)).version
    return await move_customer.handle(work, MoveCustomer(key, by, version, to, "搬迁", on))


async def test_r33_a_closed_customers_id_is_not_given_out_again(work: Work) -> None:
    first = (await registered(work)).customer
    await closed(work, first.customer_key)
    assert told(work, CustomerChanged)[-1].state == "closed"
    other = (await registered(work, Declaring(customer=mechanics(name="另一家")))).customer
    assert (first.customer_id, other.customer_id) == ("44010600001000", "44010600002000")


async def test_r33_a_new_decision_takes_a_closed_customer_up_under_its_old_id(work: Work) -> None:
    key = (await registered(work)).customer.customer_key
    await closed(work, key)
    again = await reopened(work, key)
    assert (again.state, again.customer_id) == ("registered", "44010600001000")
    steps = await work.rows('SELECT step, reason, "by" FROM customer_changes ORDER BY version')
    assert [row["step"] for row in steps][-2:] == ["closed", "reopened"]
    assert (steps[-2]["reason"], steps[-2]["by"]) == ("企业注销", cast.CITY_DIRECTOR.code)


async def test_r33_a_suspended_customer_comes_back_suspended(work: Work) -> None:
    key = await approved(work)
    by = acting(cast.CITY_DIRECTOR)
    await suspend_customer.handle(work, SuspendCustomer(key, by, 2, "拖欠"))
    await closed(work, key)
    assert (await reopened(work, key)).state == "suspended"


async def test_r33_a_disputed_customer_is_not_closed(work: Work) -> None:
    key = await approved(work)
    claim = OpenDispute(key, acting(cast.CITY_DIRECTOR), ["SZ"], "深圳也在服务")
    dispute = await open_dispute.handle(work, claim)
    with pytest.raises(StillOpen) as refusal:
        await closed(work, key)
    assert refusal.value.facts["disputes"] == [str(dispute.dispute_id)]


async def test_r33_r42_a_ruling_that_may_be_appealed_against_still_keeps_a_customer_open(
    work: Work,
) -> None:
    """R-42: the last day of the appeal is still too early, the day after is not."""
    key = await approved(work)
    judge = acting(cast.CITY_DIRECTOR)
    claim = OpenDispute(key, judge, ["GZ-PY"], "业务在番禺", OPENED_ON)
    dispute = await open_dispute.handle(work, claim)
    said = RuleDispute(dispute.dispute_id, judge, 1, "GZ-TH", OPENED_ON, "先申报", on=OPENED_ON)
    await rule_dispute.handle(work, said)
    days = (await in_force(work, DisputeRules, OPENED_ON)).body.appeal_days
    last_on = OPENED_ON + timedelta(days=days)
    assert last_on < work.today
    with pytest.raises(StillOpen) as refusal:
        await closed(work, key, last_on)
    assert list(refusal.value.facts) == ["appealable-rulings"]
    assert (await closed(work, key, last_on + timedelta(days=1))).state == "closed"


async def test_r33_r42_a_final_ruling_stands_at_once(work: Work) -> None:
    """R-42: nothing stands above the province."""
    key = await approved(work)
    dispute = await claimed(work, key)
    await rule_dispute.handle(work, ruling(dispute, owner_unit="GZ-TH", base=()))
    assert (await closed(work, key)).state == "closed"


async def test_r33_r52_r72_papers_and_people_on_their_way_keep_a_customer_open(work: Work) -> None:
    """R-52, R-72, R-29: each is named, and the customer closes when all have arrived."""
    key = await approved(work)
    await managed(work, key)
    loan = await lent(work, key)
    handed = StartHandover(
        *(cast.COUNTY_MANAGER.code, HandoverReason.REASSIGNMENT, (key,)),
        *(acting(cast.COUNTY_DIRECTOR), {key: cast.MANAGER_B.code}),
    )
    handover = (await start.handle(work, handed)).handover_id
    with pytest.raises(StillOpen) as refusal:
        await closed(work, key)
    assert refusal.value.facts == {"hand-overs": [str(handover)], "loans": [str(loan)]}
    for kind in BOTH:
        await hear_answers.handle(work, answer(kind, await handovers.load(work, handover)))
    keeper = acting(cast.COUNTY_MANAGER)
    returned = MoveLoan(loan, keeper, (await custody.load_loan(work, loan)).version)
    await lend_original.give_back(work, returned, AssetState.INTACT)
    assert (await closed(work, key)).state == "closed"


async def test_r33_r81_what_is_under_way_with_a_merged_part_keeps_the_whole_open(
    work: Work,
) -> None:
    """R-81: the survivor speaks for everybody who is part of it."""
    merged, survivor = await two(work)
    loan = await lent(work, merged)
    await merge(work, merged, survivor)
    with pytest.raises(StillOpen) as refusal:
        await closed(work, survivor)
    assert refusal.value.facts == {"loans": [str(loan)]}


async def test_r32_a_head_office_closes_after_its_branches_and_opens_before_them(
    work: Work,
) -> None:
    head = (await registered(work)).customer.customer_key
    branch = await approved(work, Declaring(customer=mechanics(name="分厂", head_office_key=head)))
    with pytest.raises(StillOpen, match="1 branch"):
        await closed(work, head)
    await closed(work, branch)
    await closed(work, head)
    with pytest.raises(WrongState, match="head office first"):
        await reopened(work, branch)
    await reopened(work, head)
    assert (await reopened(work, branch)).state == "approved"


async def test_only_what_was_approved_is_closed_and_only_what_was_closed_reopened(
    work: Work,
) -> None:
    declaration = await declared(work)
    key = declaration.customer_key
    with pytest.raises(WrongState):
        await closed(work, key)
    refusal = RefuseDeclaration(declaration.declaration_id, acting(cast.CITY_DIRECTOR), 1, "不全")
    await refuse_declaration.handle(work, refusal)
    for step in (closed, reopened):
        with pytest.raises(WrongState):
            await step(work, key)


async def test_r81_a_customer_whose_credit_code_somebody_else_has_now_stays_closed(
    work: Work,
) -> None:
    said = mechanics(unified_credit_code=CREDIT_CODE)
    key = await approved(work, Declaring(customer=said))
    await closed(work, key)
    await approved(work, Declaring(customer=said))
    with pytest.raises(CustomerExists):
        await reopened(work, key)


async def test_a_customer_is_closed_by_version_and_never_in_the_future(work: Work) -> None:
    key = await approved(work)
    by = acting(cast.CITY_DIRECTOR)
    with pytest.raises(StaleVersion):
        await close_customer.handle(work, CloseCustomer(key, by, 1, "企业注销"))
    with pytest.raises(InTheFuture):
        await closed(work, key, date(2030, 1, 1))


async def test_c18_a_customer_moves_and_its_id_does_not(work: Work) -> None:
    key = (await registered(work)).customer.customer_key
    there = await moved(work, key, "440103")
    assert (there.customer_id, there.division_code) == ("44010600001000", "440103")
    fact = told(work, CustomerChanged)[-1]
    assert (fact.customer_id, fact.division_code) == ("44010600001000", "440103")
    issued = await work.row("SELECT * FROM issued_under")
    step = await work.row("SELECT * FROM customer_moves")
    assert issued is not None
    assert step is not None
    assert (issued["customer_id"], issued["division_code"]) == ("44010600001000", "440106")
    assert (step["from_division"], step["to_division"]) == ("440106", "440103")
    assert (step["moved_by"], step["reason"]) == (cast.COUNTY_MANAGER.code, "搬迁")


async def test_c18_nobody_moves_into_a_retired_division_or_where_they_are(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(RetiredDivision):
        await moved(work, key, "440116", date(2015, 1, 1))
    with pytest.raises(SameDivision):
        await moved(work, key, "440106")
    assert (await moved(work, key, "440116", date(2014, 12, 31))).division_code == "440116"
    await closed(work, key)
    with pytest.raises(WrongState):
        await moved(work, key, "440103")


async def test_c18_a_customer_that_moved_before_registration_is_numbered_where_it_is(
    work: Work,
) -> None:
    key = await approved(work)
    await moved(work, key, "440103")
    command = RegisterCustomer(key, acting(cast.PROVINCE_ADMINISTRATOR), 3)
    assert (await register_customer.handle(work, command)).customer.customer_id == "44010300001000"
