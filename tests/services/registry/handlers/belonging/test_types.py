"""R-38 to R-41: types A to D say who leads, who sees, and whose the revenue is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import (
    BeforeDeclaration,
    NotADecider,
    OnlyTheProvinceDecides,
)
from services.registry.domain.belonging.ownership import NobodyOwns
from services.registry.domain.belonging.provincial_terms import NotAProvincialBureau
from services.registry.domain.belonging.splits import NotTheWhole
from services.registry.domain.belonging.types import (
    CustomerType,
    LinkOf,
    NoTypeToEnd,
    TypeMismatch,
    TypeTerms,
    Weight,
)
from services.registry.domain.centres.organisation import NoCentre
from services.registry.handlers.belonging import classify_customer, set_provincial_terms
from services.registry.handlers.belonging.classify_customer import ClassifyCustomer
from services.registry.handlers.belonging.set_provincial_terms import (
    SetBenefitWeights,
    SetServiceRatio,
)
from services.registry.handlers.cases import rule_dispute
from shared.contracts.registry import (
    DisputeOpened,
    OwnershipChanged,
    ScopeChanged,
    SplitChanged,
)
from shared.errors import Invalid
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import claimed, ruling
from tests.services.registry.story import (
    APPROVED_ON,
    Declaring,
    acting,
    approved,
    declared,
    mechanics,
    registered,
    signed,
    told,
)
from tests.support import cast

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
BUREAU = Actor("E001", "GD-EMS", frozenset({"director"}))
LINKS = (
    LinkOf("development", "GZ"),
    LinkOf("collection", "SZ"),
    LinkOf("delivery", "SZ"),
    LinkOf("after-sales", "GZ-TH"),
)


async def classified(work: Work, key: UUID, type_: str, **others: Any) -> None:
    """The province gives the customer a type from February on."""
    said = {
        "by": acting(cast.PROVINCE_DIRECTOR),
        "effective_on": FEBRUARY,
        "reason": "全省性客户",
        **others,
    }
    command = ClassifyCustomer(customer_key=key, type=CustomerType(type_), **said)
    await classify_customer.handle(work, command)


async def rated(work: Work, share: str, on: date = date(2026, 1, 1), by: Actor = BUREAU) -> None:
    """The express bureau of the province sets the developer's share."""
    command = SetServiceRatio(by, Decimal(share), on, "分成办法")
    await set_provincial_terms.ratio(work, command)


def last_split(work: Work) -> tuple[str, dict[str, str], date]:
    """Rule, shares and first day of the newest version."""
    split = told(work, SplitChanged)[-1]
    shares = {part.unit: str(part.share) for part in split.base}
    return split.rule, shares, split.effective_on


async def test_r38_type_a_the_province_leads_the_head_office_and_the_city_gets_the_income(
    work: Work,
) -> None:
    key = await approved(work)
    await classified(work, key, "a", terms=TypeTerms(city="SZ"))
    owner = told(work, OwnershipChanged)[-1]
    assert (owner.owner_unit, owner.rule, owner.effective_on) == ("GD", "type-a", FEBRUARY)
    assert last_split(work) == ("type-a", {"SZ": "1"}, FEBRUARY)
    assert told(work, SplitChanged)[-1].overruled == ("default",)
    grants = {
        (g.aspect.value, g.from_on) for g in told(work, ScopeChanged)[-1].grants if g.unit == "SZ"
    }
    assert grants == {("base", FEBRUARY), ("money", FEBRUARY)}


async def test_r38_a_branch_of_type_a_gives_its_income_to_its_own_city(work: Work) -> None:
    head = (await registered(work)).customer.customer_key
    branch = mechanics(name="南山分公司", head_office_key=head, division_code="440305")
    key = await approved(work, Declaring(customer=branch, units={"development_unit": "SZ-NS"}))
    await classified(work, head, "a", terms=TypeTerms(city="GZ"))
    splits = {fact.customer_key: fact for fact in told(work, SplitChanged)}
    assert [part.unit for part in splits[head].base] == ["GZ"]
    assert [part.unit for part in splits[key].base] == ["SZ"]
    assert splits[key].rule == "type-a"
    owners = {fact.customer_key: fact.owner_unit for fact in told(work, OwnershipChanged)}
    assert owners == {head: "GD", key: "SZ-NS"}


async def test_r39_type_b_who_develops_gains_and_who_serves_shares_by_the_bureaus_ratio(
    work: Work,
) -> None:
    key = await approved(work)
    terms = TypeTerms(
        city="GZ",
        specialty="GD-EMS",
        serving=(Weight("SZ", Decimal(2)), Weight("SZ-NS", Decimal(1))),
    )
    await classified(work, key, "b", terms=terms)
    assert last_split(work)[:2] == ("default", {"GZ": "1"}), "no ratio is set yet"
    await rated(work, "0.7")
    assert last_split(work) == ("type-b", {"GZ": "0.7", "SZ": "0.2", "SZ-NS": "0.1"}, FEBRUARY)
    await rated(work, "0.4", MARCH)
    assert last_split(work) == ("type-b", {"GZ": "0.4", "SZ": "0.4", "SZ-NS": "0.2"}, MARCH)
    owner = told(work, OwnershipChanged)[-1]
    assert (owner.owner_unit, owner.rule) == ("GZ", "type-b")
    grants = {(g.unit, g.aspect.value) for g in told(work, ScopeChanged)[-1].grants}
    assert {("SZ", "base"), ("SZ-NS", "base"), ("GZ", "archive")} <= grants
    assert ("SZ", "archive") not in grants


async def test_r39_where_nobody_else_serves_the_developer_gains_everything(work: Work) -> None:
    await rated(work, "0.7")
    key = await approved(work)
    await classified(work, key, "b", terms=TypeTerms(city="GZ", specialty="GD-EMS"))
    assert last_split(work)[:2] == ("type-b", {"GZ": "1"})


@pytest.mark.parametrize(("share", "is_allowed"), [("-0.01", 0), ("0", 1), ("1", 1), ("1.01", 0)])
async def test_r39_the_developers_share_lies_between_nothing_and_everything(
    work: Work, share: str, is_allowed: int
) -> None:
    if is_allowed:
        await rated(work, share)
    else:
        with pytest.raises(Invalid):
            await rated(work, share)


async def test_r39_only_a_specialty_bureau_of_the_province_sets_the_ratio(work: Work) -> None:
    with pytest.raises(NotAProvincialBureau):
        await rated(work, "0.5", by=acting(cast.PROVINCE_DIRECTOR))
    with pytest.raises(NotADecider):
        await rated(work, "0.5", by=Actor("E002", "GD-EMS", frozenset({"account_manager"})))
    await rated(work, "0.5", by=acting(cast.SPECIALTY))


async def test_r40_type_c_divides_by_the_weight_of_each_link_of_the_service_process(
    work: Work,
) -> None:
    key = await approved(work)
    await classified(work, key, "c", terms=TypeTerms(links=LINKS))
    assert last_split(work) == ("type-c", {"GZ": "0.4", "GZ-TH": "0.1", "SZ": "0.5"}, FEBRUARY)
    assert told(work, OwnershipChanged)[-1].owner_unit == "GD", "the province leads"
    row = await work.row("SELECT policy_name, policy_version FROM splits WHERE rule = 'type-c'")
    assert row is not None
    assert (row["policy_name"], row["policy_version"]) == ("service-links", 1)


async def test_r41_type_d_is_the_provinces_alone_and_benefits_the_cities_by_its_weights(
    work: Work,
) -> None:
    key = await approved(work)
    await classified(work, key, "d")
    assert last_split(work)[:2] == ("default", {"GD": "1"}), "no weights are set yet"
    weights = (Weight("GZ", Decimal(2)), Weight("SZ", Decimal(1)))
    by = acting(cast.PROVINCE_DIRECTOR)
    await set_provincial_terms.weights(work, SetBenefitWeights(by, weights, MARCH, "合理配置"))
    rule, shares, on = last_split(work)
    assert (rule, on) == ("type-d", MARCH)
    assert shares == {"GZ": "0.666666666667", "SZ": "0.333333333333"}


async def test_r41_only_the_province_weighs_and_only_cities(work: Work) -> None:
    async def weighed(by: Actor, *weights: Weight) -> None:
        command = SetBenefitWeights(by, weights, MARCH, "合理配置")
        await set_provincial_terms.weights(work, command)

    province = acting(cast.PROVINCE_DIRECTOR)
    with pytest.raises(OnlyTheProvinceDecides):
        await weighed(acting(cast.CITY_DIRECTOR), Weight("GZ", Decimal(1)))
    for unit in ("GZ-TH", "GD-EMS", "GD"):
        with pytest.raises(TypeMismatch):
            await weighed(province, Weight(unit, Decimal(1)))
    with pytest.raises(NotTheWhole):
        await weighed(province, Weight("GZ", Decimal(0)))


@pytest.mark.parametrize(
    ("type_", "terms"),
    [
        ("a", TypeTerms()),
        ("a", TypeTerms(city="GZ-TH")),
        ("a", TypeTerms(city="GZ", specialty="GD-EMS")),
        ("b", TypeTerms(city="GZ")),
        ("b", TypeTerms(city="GZ", specialty="SZ")),
        ("b", TypeTerms(city="GZ", specialty="GD-EMS", serving=(Weight("SZ", Decimal(0)),))),
        ("c", TypeTerms(links=LINKS[:3])),
        ("c", TypeTerms(links=(*LINKS, LINKS[0]))),
        ("d", TypeTerms(city="GZ")),
    ],
)
async def test_each_type_names_the_units_that_it_needs_and_no_others(
    work: Work, type_: str, terms: TypeTerms
) -> None:
    key = await approved(work)
    with pytest.raises(TypeMismatch):
        await classified(work, key, type_, terms=terms)


async def test_r42_only_a_director_of_the_province_classifies(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(OnlyTheProvinceDecides):
        await classified(work, key, "d", by=acting(cast.CITY_DIRECTOR))
    with pytest.raises(NotADecider):
        await classified(work, key, "d", by=acting(cast.PROVINCE_ADMINISTRATOR))


async def test_r04_a_branch_has_no_part_in_a_type(work: Work) -> None:
    key = await approved(work)
    links = (LinkOf("development", "GZ-TH-01"), *LINKS[1:])
    with pytest.raises(NoCentre):
        await classified(work, key, "c", terms=TypeTerms(links=links))


async def test_a_type_begins_no_earlier_than_the_declaration_and_needs_an_owner(
    work: Work,
) -> None:
    waiting = (await declared(work)).customer_key
    with pytest.raises(NobodyOwns):
        await classified(work, waiting, "d")
    key = await approved(work, Declaring(customer=mechanics(name="另一家")))
    declared_on = date(2026, 1, 5)
    with pytest.raises(BeforeDeclaration):
        await classified(work, key, "d", effective_on=declared_on - timedelta(days=1))
    await classified(work, key, "d", effective_on=declared_on)


async def test_a_type_ends_and_another_unit_takes_over(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(NoTypeToEnd):
        await classified(work, key, "none")
    await classified(work, key, "a", terms=TypeTerms(city="SZ"))
    await classified(work, key, "none", effective_on=MARCH, owner_unit="GZ")
    assert last_split(work) == ("default", {"GZ": "1"}, MARCH)
    assert told(work, OwnershipChanged)[-1].owner_unit == "GZ"
    with pytest.raises(NoTypeToEnd):
        await classified(work, key, "none")


async def test_c16_a_ruling_outweighs_a_type_whichever_came_first(work: Work) -> None:
    key = await approved(work)
    await rule_dispute.handle(work, ruling(await claimed(work, key)))
    await classified(work, key, "d")
    owner = told(work, OwnershipChanged)[-1]
    assert (owner.owner_unit, owner.rule, owner.effective_on) == ("SZ", "ruling", APPROVED_ON)
    assert told(work, SplitChanged)[-1].rule == "ruling"


async def test_r39_a_signature_where_the_customer_is_served_is_no_dispute(work: Work) -> None:
    await rated(work, "0.7")
    key = await approved(work)
    terms = TypeTerms(city="GZ", specialty="GD-EMS", serving=(Weight("SZ", Decimal(1)),))
    await classified(work, key, "b", terms=terms)
    await signed(work, key, "SZ-NS", MARCH)
    assert told(work, DisputeOpened) == []
    await classified(work, key, "b", terms=TypeTerms(city="GZ", specialty="GD-EMS"))
    await signed(work, key, "SZ-NS", MARCH)
    assert told(work, DisputeOpened)[-1].parties == ("GZ", "SZ-NS")
