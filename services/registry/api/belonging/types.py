"""Types A to D, base and increment, and routing: what decides how a customer is shared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.api.models import (
    DECIDING,
    OnDay,
    Reason,
    ShareOf,
    actor,
    itself,
    shares,
)
from services.registry.domain.belonging.bases import Basis
from services.registry.domain.belonging.types import CustomerType, LinkOf, TypeTerms, Weight
from services.registry.domain.cases.routings import Outcome
from services.registry.handlers.belonging import agree_base, classify_customer
from services.registry.handlers.belonging.agree_base import AgreeBase
from services.registry.handlers.belonging.classify_customer import ClassifyCustomer
from services.registry.handlers.cases import route_customer
from services.registry.handlers.cases.route_customer import RouteCustomer
from services.registry.storage.belonging import reports
from shared.contracts.values import Amount, Code, Exact, Label
from shared.http import Commanding, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/customers/{customer_key}", tags=["ownership"])


class WeightOf(BaseModel):
    """How much a unit counts among the others."""

    unit: Code
    weight: Exact


class LinkIn(BaseModel):
    """Which unit answers for a link of the service process."""

    link: Label
    unit: Code


class ClassifyIn(OnDay):
    """A type (R-38 to R-41); which fields it needs depends on it.

    a: `city`. b: `city` and `specialty`, and who is `serving`. c: `links`, one unit each. d needs
    nothing. none ends a type; `owner_unit` may take over.
    """

    type: CustomerType
    effective_on: date
    reason: Reason
    city: Code | None = None
    specialty: Code | None = None
    serving: list[WeightOf] = Field(default=[], max_length=50)
    links: list[LinkIn] = Field(default=[], max_length=50)
    owner_unit: Code | None = None


class TypeOut(BaseModel):
    """A version of the type; valid on a day is the highest that has begun."""

    sequence: int
    type: CustomerType
    effective_on: date
    terms: dict[str, object]
    decided_by: str
    decided_unit: str
    decided_on: date
    reason: str


class BaseIn(OnDay):
    """Who keeps the base and who gets the increment (R-44).

    fixed: `base_amount` in yuan a calendar year. previous-year: what the year before brought. none
    ends the agreement.
    """

    basis: Basis
    effective_on: date
    reason: Reason
    base: list[ShareOf] = Field(default=[], max_length=50)
    increment: list[ShareOf] = Field(default=[], max_length=50)
    base_amount: Amount | None = None


class BaseOut(BaseModel):
    """A version of the agreement on base and increment."""

    sequence: int
    basis: Basis
    effective_on: date
    base_amount: Amount | None
    base: list[ShareOf]
    increment: list[ShareOf]
    decided_by: str
    decided_unit: str
    decided_on: date
    reason: str


class RouteIn(OnDay):
    """To a specialty bureau; left out, the unit that declared is authorised (R-43)."""

    specialty_unit: Code | None = None
    effective_on: date
    reason: Reason


class RoutingOut(BaseModel):
    """A decision about a customer's specialty."""

    sequence: int
    outcome: Outcome
    unit: str
    informed_unit: str | None
    effective_on: date
    decided_by: str
    decided_unit: str
    decided_on: date
    reason: str


@router.post("/classify", status_code=201, roles=DECIDING)
async def classify(customer_key: UUID, body: ClassifyIn, work: Commanding) -> list[TypeOut]:
    """客户分类（甲乙丙丁四类）/ give a type; the province decides (R-38 to R-41)."""
    await itself(work, customer_key)
    command = ClassifyCustomer(
        customer_key=customer_key,
        by=actor(work),
        terms=_terms(body),
        **body.model_dump(include={"type", "effective_on", "reason", "owner_unit", "on"}),
    )
    await classify_customer.handle(work, command)
    return await _types(work, customer_key)


@router.get("/types")
async def types(customer_key: UUID, work: Reading) -> list[TypeOut]:
    """客户分类历史 / every version of the type."""
    return await _types(work, customer_key)


@router.post("/base-agreements", status_code=201, roles=DECIDING)
async def agree(customer_key: UUID, body: BaseIn, work: Commanding) -> list[BaseOut]:
    """约定存量与增量 / set base and increment apart (R-44)."""
    await itself(work, customer_key)
    command = AgreeBase(
        customer_key=customer_key,
        by=actor(work),
        base=shares(body.base),
        increment=shares(body.increment),
        base_amount=body.base_amount,
        **body.model_dump(exclude={"base", "increment", "base_amount"}),
    )
    await agree_base.handle(work, command)
    return await _bases(work, customer_key)


@router.get("/base-agreements")
async def bases(customer_key: UUID, work: Reading) -> list[BaseOut]:
    """存量与增量约定历史 / every version of the agreement."""
    return await _bases(work, customer_key)


@router.post("/route", status_code=201, roles=DECIDING)
async def route(customer_key: UUID, body: RouteIn, work: Commanding) -> list[RoutingOut]:
    """专业归口 / give a customer of an obvious specialty to its bureau (R-43)."""
    await itself(work, customer_key)
    command = RouteCustomer(customer_key=customer_key, by=actor(work), **body.model_dump())
    await route_customer.handle(work, command)
    return await _routings(work, customer_key)


@router.get("/routings")
async def routings(customer_key: UUID, work: Reading) -> list[RoutingOut]:
    """专业归口历史 / every decision about the customer's specialty."""
    return await _routings(work, customer_key)


def _terms(body: ClassifyIn) -> TypeTerms:
    return TypeTerms(
        city=body.city,
        specialty=body.specialty,
        serving=tuple(Weight(each.unit, Decimal(each.weight)) for each in body.serving),
        links=tuple(LinkOf(each.link, each.unit) for each in body.links),
    )


async def _types(work: Work, customer_key: UUID) -> list[TypeOut]:
    return [TypeOut(**row) for row in await work.rows(reports.TYPES, key=customer_key)]


async def _bases(work: Work, customer_key: UUID) -> list[BaseOut]:
    return [BaseOut(**row) for row in await work.rows(reports.BASES, key=customer_key)]


async def _routings(work: Work, customer_key: UUID) -> list[RoutingOut]:
    return [RoutingOut(**row) for row in await work.rows(reports.ROUTINGS, key=customer_key)]
