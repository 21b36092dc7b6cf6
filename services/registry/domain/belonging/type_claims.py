"""What a customer's type says about sharing its revenue (R-38 to R-41)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ..centres.organisation import Organisation
from .ownership import Ownership
from .precedence import Claim
from .splits import WHOLE, PolicyVersion, Shares, SplitRule, Terms, everything_to, fractions
from .timelines import Dated, Span, spans
from .types import Classification, CustomerType, ServiceLinks, Weight, city_of

D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True)
class ServiceRatio:
    """The developer's share of type B, as a specialty bureau set it; the rest goes to who serves.

    `developer_share` is a fraction of one (R-39).
    """

    unit: str
    version: int
    effective_on: date
    developer_share: Decimal


@dataclass(frozen=True, slots=True)
class BenefitWeights:
    """How the province distributes the benefit of type D among the cities (R-41)."""

    version: int
    effective_on: date
    weights: tuple[Weight, ...]


@dataclass(frozen=True, slots=True)
class DatedLinks:
    """A version of the links of the service process (R-40)."""

    version: int
    effective_on: date
    body: ServiceLinks


@dataclass(frozen=True, slots=True)
class Provincial:
    """What province and specialty bureaus set for all customers of a type; every version."""

    ratios: Mapping[str, Sequence[ServiceRatio]]
    """By specialty bureau."""
    weights: Sequence[BenefitWeights]
    links: Sequence[DatedLinks]


def type_claims(
    classifications: Sequence[Classification], provincial: Provincial
) -> list[Claim]:  # fmt: skip
    """What the types of a customer say, one claim for each stretch of days (R-38 to R-41).

    While no ratio, no weights or no links are set, a type says nothing and what is weaker decides.
    """
    return [
        claim
        for span in spans(classifications)
        if span.held.type is not CustomerType.NONE
        for claim in _CLAIMS[span.held.type](span, provincial)
    ]


def inherited_claims(
    head_office: Sequence[Classification],
    owners: Iterable[Span[Ownership]],
    organisation: Organisation,
) -> list[Claim]:
    """What type A of the head office says of a branch: its income is its own city's (R-38)."""
    claims = []
    for span in spans(head_office):
        for owner in owners if span.held.type is CustomerType.A else ():
            days = _common(span, owner)
            city = city_of(organisation, owner.held.owner_unit)
            if days is not None and city is not None:
                terms = Terms(everything_to(city))
                inputs: dict[str, object] = {"city": city, "of": "head-office"}
                claims.append(Claim(SplitRule.TYPE_A, terms, *days, inputs=inputs))
    return claims


def _a(span: Span[Classification], provincial: Provincial) -> list[Claim]:
    city = span.held.terms.city
    assert city is not None, "type A names its city"
    return [_claim(span, SplitRule.TYPE_A, everything_to(city), span, {"city": city})]


def _b(span: Span[Classification], provincial: Provincial) -> list[Claim]:
    terms = span.held.terms
    assert terms.city is not None and terms.specialty is not None, "type B names both"
    claims = []
    for ratio, part in _parts(provincial.ratios.get(terms.specialty, ()), span):
        shares = _developed_and_served(terms.city, terms.serving, ratio.developer_share)
        inputs: dict[str, object] = {
            "developer": terms.city,
            "developer_share": str(ratio.developer_share),
            "set_by": ratio.unit,
            "ratio_version": ratio.version,
        }
        claims.append(_claim(span, SplitRule.TYPE_B, shares, part, inputs))
    return claims


def _c(span: Span[Classification], provincial: Provincial) -> list[Claim]:
    claims = []
    units = {each.link: each.unit for each in span.held.terms.links}
    for links, part in _parts(provincial.links, span):
        weights = [
            (units[each.link], each.weight) for each in links.body.links if each.link in units
        ]
        if not any(weight for _, weight in weights):
            continue
        inputs: dict[str, object] = {"links": dict(sorted(units.items()))}
        policy = PolicyVersion(ServiceLinks.policy_name, links.version)
        claims.append(_claim(span, SplitRule.TYPE_C, fractions(weights), part, inputs, policy))
    return claims


def _d(span: Span[Classification], provincial: Provincial) -> list[Claim]:
    claims = []
    for set_, part in _parts(provincial.weights, span):
        shares = fractions((each.unit, each.weight) for each in set_.weights)
        inputs: dict[str, object] = {"weights_version": set_.version}
        claims.append(_claim(span, SplitRule.TYPE_D, shares, part, inputs))
    return claims


def _developed_and_served(
    developer: str, serving: Sequence[Weight], developer_share: Decimal
) -> Shares:
    """Who develops gains, who serves shares; where nobody else serves, everything is gained."""
    if not serving:
        return everything_to(developer)
    total = sum((each.weight for each in serving), Decimal(0))
    rest = WHOLE - developer_share
    served = [(each.unit, rest * each.weight) for each in serving]
    return fractions([(developer, developer_share * total), *served])


def _claim(
    span: Span[Classification],
    rule: SplitRule,
    shares: Shares,
    days: Span[D] | tuple[date, date | None],
    inputs: dict[str, object],
    policy: PolicyVersion | None = None,
) -> Claim:
    from_on, until_on = days if isinstance(days, tuple) else (days.from_on, days.until_on)
    return Claim(
        rule,
        Terms(shares),
        *(from_on, until_on, span.held.version),
        inputs=inputs,
        policy=policy,
    )


def _parts(
    history: Sequence[D], span: Span[Classification]
) -> list[tuple[D, tuple[date, date | None]]]:
    """The versions of `history` that hold during `span`, each with its days."""
    found = ((part.held, _common(part, span)) for part in spans(history))
    return [(held, days) for held, days in found if days is not None]


def _common(one: Span[D], other: Span[Dated] | Span[Ownership] | Span[Classification]) -> tuple[
    date, date | None
] | None:  # fmt: skip
    """The days that both hold, or None."""
    begins = max(one.from_on, other.from_on)
    ends = [each for each in (one.until_on, other.until_on) if each is not None]
    until_on = min(ends, default=None)
    return None if until_on is not None and until_on < begins else (begins, until_on)


_CLAIMS = {CustomerType.A: _a, CustomerType.B: _b, CustomerType.C: _c, CustomerType.D: _d}
