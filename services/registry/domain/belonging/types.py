"""Types A to D: who leads, who develops, and whose the revenue is (R-38 to R-41)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from shared.errors import Conflict, Invalid

from ..actors import Actor
from ..centres.organisation import Level, Organisation, UnitKind
from .jurisdiction import JurisdictionRules, require_province


class CustomerType(StrEnum):
    """How the province has a customer developed and served; `none` ends it."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    NONE = "none"


@dataclass(frozen=True)
class ServiceLink:
    """One link of the service process and how much responsibility it carries."""

    link: str
    weight: Decimal


@dataclass(frozen=True)
class ServiceLinks:
    """The links of the service process by which revenue of type C is divided (R-40)."""

    policy_name: ClassVar[str] = "service-links"

    links: tuple[ServiceLink, ...]


class TypeMismatch(Invalid):
    """A type needs some units and has no use for others."""

    code = "type-mismatch"
    rule = "R-38"
    title_zh = "分类与所列单位不符"
    title_en = "Type and units do not fit"


class NoTypeToEnd(Conflict):
    """The customer has no type that could be ended."""

    code = "no-type-to-end"
    rule = "R-38"
    title_zh = "客户尚未分类"
    title_en = "No type to end"


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a unit counts."""

    unit: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class LinkOf:
    """Which unit answers for a link of the service process."""

    link: str
    unit: str


@dataclass(frozen=True, slots=True)
class TypeTerms:
    """Who does what for a customer of a type.

    A: `city` gets the income of the head office (branches give theirs to their own cities). B: the
    delegated `city` develops, `serving` units share by weight what the ratio of the `specialty`
    bureau leaves. C: every link of the process has its unit. D needs nothing: the province's
    weights say which city benefits.
    """

    city: str | None = None
    specialty: str | None = None
    serving: tuple[Weight, ...] = ()
    links: tuple[LinkOf, ...] = ()

    @property
    def units(self) -> frozenset[str]:
        """Every unit that develops or serves."""
        named = {self.city, *(each.unit for each in self.serving)}
        return frozenset(
            unit for unit in (*named, *(each.unit for each in self.links)) if unit is not None
        )


@dataclass(frozen=True, slots=True)
class Classification:
    """A customer's type from a day on; valid on a day is the highest version that has begun."""

    type: CustomerType
    effective_on: date
    version: int
    terms: TypeTerms = field(default_factory=TypeTerms)


def classify(
    classification: Classification,
    known: Sequence[Classification],
    actor: Actor,
    organisation: Organisation,
    rules: JurisdictionRules,
    links: ServiceLinks,
) -> Classification:
    """The classification, if the province may decide it so (R-38 to R-41).

    Raises NotADecider, OnlyTheProvinceDecides, TypeMismatch, NoCentre, NoTypeToEnd.
    """
    require_province(actor, organisation, rules)
    terms = classification.terms
    for unit in sorted(terms.units):
        organisation.require_centre(unit, "/terms")
    if classification.type is CustomerType.NONE:
        if not known or known[-1].type is CustomerType.NONE:
            raise NoTypeToEnd("客户尚未分类", "the customer has no type")
        _require(terms == TypeTerms(), "终止分类时不列单位", "ending a type names no units")
        return classification
    _REQUIREMENTS[classification.type](terms, organisation, links)
    return classification


def owner_by_type(classification: Classification, province: str) -> str | None:
    """Who leads a customer of the type: the province, or for B the delegated city; None: as before.

    (R-38: the province leads the head office; R-39: delegated; R-40, R-41: the province only.)
    """
    if classification.type is CustomerType.NONE:
        return None
    return classification.terms.city if classification.type is CustomerType.B else province


def city_of(organisation: Organisation, unit: str) -> str | None:
    """The city centre that covers `unit`, or None for the province itself."""
    return next(
        (
            each.code
            for each in organisation.line(unit)
            if each.level is Level.CITY and each.kind is UnitKind.TERRITORIAL
        ),
        None,
    )


def _require(holds: bool, zh: str, en: str, **facts: object) -> None:
    if not holds:
        raise TypeMismatch(zh, en, pointer="/terms", **facts)


def _require_a(terms: TypeTerms, organisation: Organisation, links: ServiceLinks) -> None:
    _require(
        terms.city is not None and not (terms.specialty or terms.serving or terms.links),
        "A类须且仅须指明收入归口的市局",
        "type A names the city to which the income goes, and nothing else",
    )
    _require_city(terms.city, organisation)


def _require_b(terms: TypeTerms, organisation: Organisation, links: ServiceLinks) -> None:
    _require(
        terms.city is not None and terms.specialty is not None and not terms.links,
        "B类须指明受托市局和制定分成比例的省专业局",
        "type B names the delegated city and the specialty bureau that sets the ratio",
    )
    _require_city(terms.city, organisation)
    bureau = organisation.unit(terms.specialty or "")
    _require(
        bureau.kind is UnitKind.SPECIALTY,
        f"{bureau.code} 不是专业局",
        f"{bureau.code} is not a specialty bureau",
        unit=bureau.code,
    )
    served = [each.unit for each in terms.serving]
    _require(
        len(set(served)) == len(served) and all(each.weight > 0 for each in terms.serving),
        "服务单位各列一次，权重须大于零",
        "serving units are named once each, with weights above zero",
    )


def _require_c(terms: TypeTerms, organisation: Organisation, links: ServiceLinks) -> None:
    wanted = sorted(each.link for each in links.links)
    named = sorted(each.link for each in terms.links)
    _require(
        named == wanted and not (terms.city or terms.specialty or terms.serving),
        f"C类须为每个服务环节各指定一个单位：{'、'.join(wanted)}",
        f"type C names one unit for each link of the process: {', '.join(wanted)}",
        links=wanted,
    )


def _require_d(terms: TypeTerms, organisation: Organisation, links: ServiceLinks) -> None:
    _require(
        terms == TypeTerms(),
        "D类由省局统一开发服务，不列单位",
        "type D is developed and served by the province alone and names no units",
    )


def _require_city(unit: str | None, organisation: Organisation) -> None:
    city = organisation.unit(unit or "")
    _require(
        city.level is Level.CITY and city.kind is UnitKind.TERRITORIAL,
        f"{city.code} 不是市局大客户中心",
        f"{city.code} is not the centre of a city",
        unit=city.code,
    )


_REQUIREMENTS = {
    CustomerType.A: _require_a,
    CustomerType.B: _require_b,
    CustomerType.C: _require_c,
    CustomerType.D: _require_d,
}
