"""When a professional bureau may have a centre, and what it needs when it has none (R-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Invalid

from .organisation import Level, Organisation, Unit, UnitKind


@dataclass(frozen=True)
class SpecialtyCities:
    """The cities whose bureaus of one trade may have a centre."""

    specialty: str
    cities: tuple[str, ...]
    """Division codes."""


@dataclass(frozen=True)
class SpecialtyCentres:
    """Limits that a professional bureau has to pass for a centre of its own (R-06)."""

    policy_name: ClassVar[str] = "specialty-centres"

    revenue_above: Decimal
    """Revenue of the year before, in yuan; the limit itself is not enough."""
    share_above: Decimal
    """Share of the whole revenue as a fraction of one; the limit itself is not enough."""
    needs_direct_operations: bool
    account_managers: int
    """Dedicated account managers of a bureau without a centre, at least."""
    specialties: tuple[SpecialtyCities, ...]

    def cities_of(self, specialty: str) -> tuple[str, ...]:
        """The listed cities of a trade; empty when it is not listed."""
        for each in self.specialties:
            if each.specialty == specialty:
                return each.cities
        return ()


class Ground(StrEnum):
    """The conditions for a centre; all of them have to be met."""

    REVENUE = "previous-year-revenue"
    SHARE = "share-of-revenue"
    OPERATIONS = "direct-operations"
    CITY = "listed-city"


class NotASpecialtyBureau(Conflict):
    """Only a professional bureau needs a decision to have a centre."""

    code = "not-a-specialty-bureau"
    rule = "R-06"
    title_zh = "不是专业局"
    title_en = "Not a professional bureau"


class NotAboveTheBureau(Conflict):
    """A unit above the bureau decides, never the bureau itself."""

    code = "not-above-the-bureau"
    rule = "R-06"
    title_zh = "须由上级机构决定"
    title_en = "Not above the bureau"


class RevenueUnreadable(Invalid):
    """A share needs a whole that is above zero and not less than its part."""

    code = "revenue-unreadable"
    rule = "R-06"
    title_zh = "业务收入不合理"
    title_en = "Revenue unreadable"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a decision is made from: the year before, in yuan."""

    year: int
    specialty_revenue: Decimal
    total_revenue: Decimal
    operates_directly: bool

    def to_json(self) -> dict[str, object]:
        """As stored with the decision."""
        return {
            "year": self.year,
            "specialty_revenue": str(self.specialty_revenue),
            "total_revenue": str(self.total_revenue),
            "operates_directly": self.operates_directly,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition with its limit and what was found."""

    ground: Ground
    limit: str
    found: str
    is_met: bool

    def to_json(self) -> dict[str, object]:
        """As stored with the decision."""
        return {
            "ground": self.ground.value,
            "limit": self.limit,
            "found": self.found,
            "is_met": self.is_met,
        }


@dataclass(frozen=True, slots=True)
class CentreDecision:
    """Whether a professional bureau may have a centre, and why; never altered."""

    decision_id: UUID
    unit: str
    decided_on: date
    figures: Figures
    findings: tuple[Finding, ...]

    @property
    def is_granted(self) -> bool:
        """Granted when every condition is met."""
        return all(finding.is_met for finding in self.findings)


def require_bureau(unit: Unit, specialty: str | None) -> str:
    """The trade of the professional bureau; raises NotASpecialtyBureau (R-06)."""
    if unit.kind is UnitKind.SPECIALTY and specialty is not None:
        return specialty
    raise NotASpecialtyBureau(
        f"{unit.code} 不是专业局，或未登记专业",
        f"{unit.code} is no professional bureau, or its trade is not recorded",
        unit=unit.code,
        kind=unit.kind.value,
    )


def require_above(organisation: Organisation, decider: str, unit: str) -> None:
    """Make sure that `decider` stands above the bureau; raises NotAboveTheBureau (R-06)."""
    if not organisation.is_strictly_above(decider, unit):
        raise NotAboveTheBureau(
            f"{decider} 不是 {unit} 的上级机构",
            f"{decider} does not stand above {unit}",
            unit=unit,
            decider=decider,
        )


def decide(
    unit: Unit,
    specialty: str,
    division_code: str | None,
    figures: Figures,
    policy: SpecialtyCentres,
    *,
    decision_id: UUID,
    on: date,
) -> CentreDecision:
    """Whether the bureau may have a centre (R-06): every condition with limit and finding.

    The share is compared exactly, never as it prints. A provincial bureau lies in no city, so the
    list of cities does not ask about it. Raises RevenueUnreadable, Invalid for another year than
    the one before.
    """
    _require_readable(figures, on)
    revenue, total = figures.specialty_revenue, figures.total_revenue
    findings = [
        Finding(
            *(Ground.REVENUE, str(policy.revenue_above), str(revenue)),
            revenue > policy.revenue_above,
        ),
        Finding(
            *(Ground.SHARE, str(policy.share_above), format(revenue / total, ".6f")),
            revenue > policy.share_above * total,
        ),
    ]
    if policy.needs_direct_operations:
        said = "yes" if figures.operates_directly else "no"
        findings.append(Finding(Ground.OPERATIONS, "yes", said, figures.operates_directly))
    if unit.level is not Level.PROVINCE:
        cities = policy.cities_of(specialty)
        is_listed = division_code in cities
        findings.append(
            Finding(Ground.CITY, ",".join(cities), division_code or "", is_listed),
        )
    return CentreDecision(decision_id, unit.code, on, figures, tuple(findings))


def _require_readable(figures: Figures, on: date) -> None:
    if figures.year != on.year - 1:
        raise Invalid(
            f"须以上年（{on.year - 1} 年）的收入为准，不是 {figures.year} 年",
            f"the year before, {on.year - 1}, decides, not {figures.year}",
            pointer="/year",
            year=on.year - 1,
        )
    if figures.total_revenue <= 0 or not 0 <= figures.specialty_revenue <= figures.total_revenue:
        raise RevenueUnreadable(
            "专业收入须在零和总收入之间，总收入须大于零",
            "the bureau's revenue lies between zero and the whole, which is above zero",
            pointer="/specialty_revenue",
        )


def lacking(has_centre: bool, is_granted: bool, account_managers: int, needed: int) -> list[str]:
    """What a professional bureau lacks (R-06): a decision for its centre, or account managers."""
    if has_centre:
        return [] if is_granted else ["centre-decision"]
    return [] if account_managers >= needed else ["account-manager"]
