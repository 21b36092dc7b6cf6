"""Government customers: which type of body, and what the account is worth (R-25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from shared.errors import Invalid


@dataclass(frozen=True)
class BodyType:
    """A type of government body."""

    body_type: str
    zh: str
    en: str


@dataclass(frozen=True)
class ValueAspect:
    """One question of the value analysis; a required one is always answered."""

    aspect: str
    zh: str
    en: str
    is_required: bool = False


@dataclass(frozen=True)
class GovernmentBodies:
    """The types of bodies and the questions of their value analysis (R-25)."""

    policy_name: ClassVar[str] = "government-bodies"

    types: tuple[BodyType, ...]
    aspects: tuple[ValueAspect, ...]


class UnknownBodyType(Invalid):
    """The site does not classify governments so."""

    code = "unknown-body-type"
    rule = "R-25"
    title_zh = "政府客户类型不存在"
    title_en = "Unknown type of body"


class AnalysisIncomplete(Invalid):
    """The value analysis leaves a required question open, or answers one that nobody asked."""

    code = "analysis-incomplete"
    rule = "R-25"
    title_zh = "价值分析不完整"
    title_en = "Value analysis incomplete"


@dataclass(frozen=True, slots=True)
class GovernmentProfile:
    """What a government customer is and is worth; amounts in yuan a year, versions are kept."""

    customer_key: UUID
    version: int
    body_type: str
    analysis: Mapping[str, str]
    current_value: Decimal | None
    potential_value: Decimal | None
    analysed_on: date


def classify(policy: GovernmentBodies, profile: GovernmentProfile) -> GovernmentProfile:
    """The profile, if type and analysis are such as the site asks for (R-25).

    Raises UnknownBodyType, AnalysisIncomplete.
    """
    types = [each.body_type for each in policy.types]
    if profile.body_type not in types:
        raise UnknownBodyType(
            f"没有政府客户类型 {profile.body_type}",
            f"there is no type of body {profile.body_type}",
            pointer="/body_type",
            types=types,
        )
    aspects = [each.aspect for each in policy.aspects]
    required = {each.aspect for each in policy.aspects if each.is_required}
    answered = {name for name, text in profile.analysis.items() if text.strip()}
    missing, foreign = sorted(required - answered), sorted(set(profile.analysis) - set(aspects))
    if missing or foreign:
        raise AnalysisIncomplete(
            f"价值分析缺少 {'、'.join(missing) or '无'}，多出 {'、'.join(foreign) or '无'}",
            f"the value analysis lacks {', '.join(missing) or 'nothing'} and has"
            f" {', '.join(foreign) or 'nothing'} too many",
            pointer="/analysis",
            missing=missing,
            foreign=foreign,
            aspects=aspects,
        )
    return profile
