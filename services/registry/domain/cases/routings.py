"""Customers of an obvious specialty go to that bureau; the city is informed (R-43)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Invalid

from ..actors import Actor
from ..belonging.jurisdiction import JurisdictionRules, require_province
from ..belonging.types import city_of
from ..centres.organisation import Organisation, UnitKind


class Outcome(StrEnum):
    """The specialty bureau develops, or the unit that declared is authorised to."""

    SPECIALTY = "specialty"
    AUTHORISED = "authorised"


class NotASpecialtyBureau(Invalid):
    """Only a specialty bureau takes customers by their specialty."""

    code = "not-a-specialty-bureau"
    rule = "R-43"
    title_zh = "不是专业局"
    title_en = "Not a specialty bureau"


@dataclass(frozen=True, slots=True)
class Routing:
    """Who develops a customer by the province's decision, and which city is informed of it."""

    outcome: Outcome
    unit: str
    informed_unit: str | None
    effective_on: date


def route(
    specialty_unit: str | None,
    declaring_unit: str,
    actor: Actor,
    organisation: Organisation,
    rules: JurisdictionRules,
    effective_on: date,
    lies_in: str | None = None,
) -> Routing:
    """The routing that the province decides (R-43).

    With a `specialty_unit` that bureau develops and the city concerned is informed; without one the
    declaring unit is authorised. Raises NotADecider, OnlyTheProvinceDecides, NotASpecialtyBureau.
    """
    require_province(actor, organisation, rules)
    if specialty_unit is None:
        return Routing(Outcome.AUTHORISED, declaring_unit, None, effective_on)
    bureau = organisation.unit(specialty_unit)
    if bureau.kind is not UnitKind.SPECIALTY:
        raise NotASpecialtyBureau(
            f"{bureau.code} 不是专业局",
            f"{bureau.code} is not a specialty bureau",
            pointer="/specialty_unit",
            unit=bureau.code,
        )
    informed = city_concerned(organisation, bureau.code, declaring_unit, lies_in)
    return Routing(Outcome.SPECIALTY, bureau.code, informed, effective_on)


def city_concerned(
    organisation: Organisation, developer: str, declaring_unit: str, lies_in: str | None
) -> str | None:
    """Whom to inform that a specialty bureau develops a customer; None: it is no such bureau.

    The city of the unit that declared, or that unit itself where no city stands above it. What the
    bureau declared for itself concerns the city `lies_in`, where the customer is (R-43).
    """
    if organisation.unit(developer).kind is not UnitKind.SPECIALTY:
        return None
    if organisation.is_within(declaring_unit, developer):
        return lies_in
    return city_of(organisation, declaring_unit) or declaring_unit
