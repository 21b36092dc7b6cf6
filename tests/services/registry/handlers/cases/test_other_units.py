"""R-43, R-46: a specialty goes to its bureau; other units ask before they market."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import OnlyTheProvinceDecides
from services.registry.domain.belonging.responsibility import NotResponsible
from services.registry.domain.cases.marketing import (
    AnsweredAlready,
    ConsentNeedsAnEnd,
    MarketingRequest,
    NobodyNamed,
    OwnCustomer,
)
from services.registry.domain.cases.routings import NotASpecialtyBureau, Routing, city_concerned
from services.registry.domain.centres.organisation import Level, Organisation, Unit, UnitKind
from services.registry.handlers.cases import ask_to_market, route_customer, rule_dispute
from services.registry.handlers.cases.ask_to_market import AnswerRequest, AskToMarket
from services.registry.handlers.cases.route_customer import RouteCustomer
from services.registry.handlers.identity import ask_existence
from services.registry.storage.identity.likeness import Described
from shared.contracts.registry import OwnershipChanged, ScopeChanged, SplitChanged
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import claimed, ruling
from tests.services.registry.story import Declaring, acting, approved, told
from tests.support import cast

FEBRUARY = date(2026, 2, 1)
SHENZHEN = acting(cast.OTHER_CITY_MANAGER)


async def routed(work: Work, key: UUID, to: str | None, by: cast.Person) -> Routing:
    """The customer's specialty is obvious, or not, from February on."""
    command = RouteCustomer(key, acting(by), to, FEBRUARY, "专业特征明显")
    return await route_customer.handle(work, command)


async def noticed(work: Work, unit: str) -> list[str]:
    """What the unit was told of."""
    rows = await work.rows("SELECT kind FROM notices WHERE unit = :unit", unit=unit)
    return [row["kind"] for row in rows]


async def test_r43_an_obvious_specialty_goes_to_its_bureau_and_the_city_is_informed(
    work: Work,
) -> None:
    key = await approved(work)
    routing = await routed(work, key, "GD-EMS", cast.PROVINCE_DIRECTOR)
    assert (routing.outcome, routing.unit, routing.informed_unit) == ("specialty", "GD-EMS", "GZ")
    owner = told(work, OwnershipChanged)[-1]
    assert (owner.owner_unit, owner.rule, owner.effective_on) == ("GD-EMS", "routing", FEBRUARY)
    assert told(work, SplitChanged)[-1].base[0].unit == "GD-EMS"
    grants = {(g.unit, g.aspect.value, g.from_on) for g in told(work, ScopeChanged)[-1].grants}
    assert ("GZ", "base", FEBRUARY) in grants
    assert ("GZ", "archive", FEBRUARY) not in grants
    assert await noticed(work, "GZ") == ["routed"]


async def test_r43_a_declaration_approved_for_a_bureau_is_told_to_the_city_concerned(
    work: Work,
) -> None:
    """R-43: the city is informed at once, however the bureau came to develop the customer."""
    key = await approved(work, Declaring(units={"development_unit": "GD-EMS"}))
    assert told(work, OwnershipChanged)[-1].owner_unit == "GD-EMS"
    assert await noticed(work, "GZ") == ["routed"]
    grants = {(g.unit, g.aspect.value) for g in told(work, ScopeChanged)[-1].grants}
    assert ("GZ", "base") in grants
    row = await work.row("SELECT * FROM routings WHERE customer_key = :key", key=key)
    assert row is not None
    assert (row["unit"], row["informed_unit"], row["decided_by"]) == ("GD-EMS", "GZ", "P002")


async def test_r43_an_approval_for_a_territorial_centre_informs_nobody(work: Work) -> None:
    """R-43, the other side of it: what the place itself develops is no news to its city."""
    await approved(work)
    assert await work.value("SELECT count(*) FROM notices") == 0
    assert await work.value("SELECT count(*) FROM routings") == 0


async def test_r43_what_a_bureau_declared_is_told_to_the_city_of_the_customer() -> None:
    """R-43, R-07: the bureau is in no city; the customer is."""
    province = Unit("GD", "广东省", Level.PROVINCE, UnitKind.TERRITORIAL, None)
    bureau = Unit("GD-EMS", "速递物流局", Level.PROVINCE, UnitKind.SPECIALTY, "GD")
    city = Unit("GZ", "广州市", Level.CITY, UnitKind.TERRITORIAL, "GD")
    units = Organisation([province, bureau, city])
    assert city_concerned(units, "GD-EMS", "GD-EMS", "GZ") == "GZ"
    assert city_concerned(units, "GD-EMS", "GD-EMS", None) is None
    assert city_concerned(units, "GD-EMS", "GZ", "SZ") == "GZ"
    assert city_concerned(units, "GZ", "GZ", "GZ") is None


async def test_r43_or_the_declaring_unit_is_authorised_and_that_is_kept(work: Work) -> None:
    key = await approved(work)
    owners = len(told(work, OwnershipChanged))
    assert (await routed(work, key, None, cast.PROVINCE_DIRECTOR)).outcome == "authorised"
    assert len(told(work, OwnershipChanged)) == owners
    await routed(work, key, "GD-EMS", cast.PROVINCE_DIRECTOR)
    await routed(work, key, None, cast.PROVINCE_DIRECTOR)
    assert told(work, OwnershipChanged)[-1].owner_unit == "GZ-TH"
    rows = await work.rows("SELECT outcome, decided_by FROM routings ORDER BY sequence")
    assert [row["outcome"] for row in rows] == ["authorised", "specialty", "authorised"]
    assert {row["decided_by"] for row in rows} == {"P002"}


async def test_r43_only_the_province_routes_and_only_to_a_specialty_bureau(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(OnlyTheProvinceDecides):
        await routed(work, key, "GD-EMS", cast.CITY_DIRECTOR)
    with pytest.raises(NotASpecialtyBureau):
        await routed(work, key, "SZ", cast.PROVINCE_DIRECTOR)


async def test_r43_a_ruling_stands_above_the_specialty(work: Work) -> None:
    key = await approved(work)
    await rule_dispute.handle(work, ruling(await claimed(work, key)))
    await routed(work, key, "GD-EMS", cast.PROVINCE_DIRECTOR)
    assert told(work, OwnershipChanged)[-1].owner_unit == "SZ"


async def asked(work: Work, by: Actor = SHENZHEN, position: int = 0) -> MarketingRequest:
    """Shenzhen asks whether the customer exists, then to market parcels to it."""
    described = Described(name="广州南方机械有限公司")
    answer = await ask_existence.handle(work, by, described)
    command = AskToMarket(by, answer.question_id, position, "推广快递业务", "快递")
    return await ask_to_market.ask(work, command)


async def answered(
    work: Work, request: MarketingRequest, until_on: date | None, by: cast.Person
) -> MarketingRequest:
    command = AnswerRequest(request.request_id, acting(by), request.version, "答复", until_on)
    return await ask_to_market.answer(work, command)


async def test_r46_a_unit_that_needs_to_market_asks_the_owner(work: Work) -> None:
    key = await approved(work)
    request = await asked(work)
    assert (request.customer_key, request.asking_unit, request.state) == (key, "SZ", "asked")
    assert await noticed(work, "GZ-TH") == ["marketing-asked"]
    assert "SZ" not in {grant.unit for grant in told(work, ScopeChanged)[-1].grants}


async def test_r46_with_the_owners_consent_it_sees_the_base_until_the_day(work: Work) -> None:
    await approved(work)
    until = work.today + timedelta(days=30)
    agreed = await answered(work, await asked(work), until, cast.COUNTY_DIRECTOR)
    assert (agreed.state, agreed.until_on) == ("agreed", until)
    grants = [grant for grant in told(work, ScopeChanged)[-1].grants if grant.unit == "SZ"]
    assert [(g.aspect.value, g.from_on, g.until_on) for g in grants] == [
        ("base", work.today, until)
    ]
    assert await noticed(work, "SZ") == ["marketing-answered"]


async def test_r46_the_owner_may_decline_and_answers_once(work: Work) -> None:
    await approved(work)
    declined = await answered(work, await asked(work), None, cast.COUNTY_DIRECTOR)
    assert declined.state == "declined"
    assert "SZ" not in {grant.unit for grant in told(work, ScopeChanged)[-1].grants}
    with pytest.raises(AnsweredAlready):
        await answered(work, declined, work.today, cast.COUNTY_DIRECTOR)


async def test_r46_only_the_responsible_unit_answers_and_consent_is_not_over_at_once(
    work: Work,
) -> None:
    await approved(work)
    request = await asked(work)
    with pytest.raises(NotResponsible):
        await answered(work, request, work.today, cast.OTHER_CITY_DIRECTOR)
    with pytest.raises(ConsentNeedsAnEnd):
        await answered(work, request, work.today - timedelta(days=1), cast.COUNTY_DIRECTOR)
    assert (await answered(work, request, work.today, cast.COUNTY_DIRECTOR)).state == "agreed"


async def test_r46_whoever_is_responsible_needs_nobodys_consent(work: Work) -> None:
    await approved(work)
    for person in (cast.COUNTY_MANAGER, cast.CITY_DIRECTOR):
        with pytest.raises(OwnCustomer):
            await asked(work, acting(person))


async def test_r46_only_a_customer_that_the_own_question_named_is_asked_about(work: Work) -> None:
    await approved(work)
    with pytest.raises(NobodyNamed):
        await asked(work, position=1)
    answer = await ask_existence.handle(work, SHENZHEN, Described(name="广州南方机械有限公司"))
    command = AskToMarket(acting(cast.SPECIALTY), answer.question_id, 0, "推广")
    with pytest.raises(NobodyNamed):
        await ask_to_market.ask(work, command)
