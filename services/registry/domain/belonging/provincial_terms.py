"""What holds for all customers of a type: who may set it, and within which bounds (R-39, R-41)."""

from __future__ import annotations

from decimal import Decimal

from shared.errors import Forbidden, Invalid

from ..actors import Actor
from ..centres.organisation import Level, Organisation, UnitKind
from .jurisdiction import JurisdictionRules, NotADecider, require_province
from .splits import WHOLE, fractions
from .type_claims import BenefitWeights, ServiceRatio
from .types import TypeMismatch


class NotAProvincialBureau(Forbidden):
    """The ratio of type B is set by a specialty bureau of the province."""

    code = "not-a-provincial-bureau"
    rule = "R-39"
    title_zh = "分成比例由省专业局制定"
    title_en = "Not a specialty bureau of the province"


def set_ratio(
    ratio: ServiceRatio, actor: Actor, organisation: Organisation, rules: JurisdictionRules
) -> ServiceRatio:
    """The ratio, if the actor's own bureau may set it (R-39).

    `developer_share` lies between 0 and 1, both included. Raises NotADecider, NotAProvincialBureau,
    Invalid.
    """
    if not actor.roles & set(rules.ratio_roles):
        raise NotADecider(
            f"须由 {'、'.join(rules.ratio_roles)} 制定",
            f"the ratio is set by {' or '.join(rules.ratio_roles)}",
            ratio_roles=list(rules.ratio_roles),
        )
    bureau = organisation.unit(actor.unit)
    above = None if bureau.parent is None else organisation.unit(bureau.parent)
    if bureau.kind is not UnitKind.SPECIALTY or above is None or above.level is not Level.PROVINCE:
        raise NotAProvincialBureau(
            f"{bureau.code} 不是省专业局",
            f"{bureau.code} is not a specialty bureau of the province",
            unit=bureau.code,
        )
    if not Decimal(0) <= ratio.developer_share <= WHOLE:
        raise Invalid(
            "开发单位份额须在 0 与 1 之间",
            "the developer's share lies between 0 and 1",
            pointer="/developer_share",
            developer_share=str(ratio.developer_share),
        )
    return ratio


def set_weights(
    weights: BenefitWeights, actor: Actor, organisation: Organisation, rules: JurisdictionRules
) -> BenefitWeights:
    """The weights, if the province sets them for cities (R-41).

    Raises NotADecider, OnlyTheProvinceDecides, TypeMismatch, NotTheWhole.
    """
    require_province(actor, organisation, rules)
    for each in weights.weights:
        city = organisation.unit(each.unit)
        if city.level is not Level.CITY or city.kind is not UnitKind.TERRITORIAL:
            raise TypeMismatch(
                f"{city.code} 不是市局大客户中心",
                f"{city.code} is not the centre of a city",
                pointer="/weights",
                unit=city.code,
            )
    fractions((each.unit, each.weight) for each in weights.weights)
    return weights
