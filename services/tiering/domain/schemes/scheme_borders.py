"""What is wrong with the numbers and the tiers of a scheme."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from services.tiering.domain.schemes.findings import Finding, error
from services.tiering.domain.schemes.schemes import WHOLE_WEIGHT, Scheme, Tier

_ZERO = Decimal(0)
_TOO_LARGE = 10**15
_PLACES = 12
"""Numbers beyond these are slips of the pen; exact arithmetic would follow them for ever."""


def numbers(scheme: Scheme) -> Iterator[Finding]:
    """Numbers beyond all range."""
    written = [(f"/factors/{i}/weight", factor.weight) for i, factor in enumerate(scheme.factors)]
    written += [(f"/factors/{i}/full_at", f.full_at or _ZERO) for i, f in enumerate(scheme.factors)]
    written += [(f"/tiers/{i}/lower", tier.lower) for i, tier in enumerate(scheme.tiers)]
    written += [(f"/tiers/{i}/range_to", t.range_to or _ZERO) for i, t in enumerate(scheme.tiers)]
    for pointer, number in written:
        exponent = number.as_tuple().exponent
        if number.copy_abs() >= _TOO_LARGE or not isinstance(exponent, int) or exponent < -_PLACES:
            yield error(
                "number-out-of-range",
                pointer,
                f"数值须小于 {_TOO_LARGE}，最多 {_PLACES} 位小数",
                f"a number is below {_TOO_LARGE} and has at most {_PLACES} decimals",
            )


def borders(scheme: Scheme) -> Iterator[Finding]:
    """Tiers that are missing, doubled, out of order or out of reach."""
    tiers = scheme.tiers
    if not tiers:
        yield error("no-tiers", "/tiers", "方案没有等级", "the scheme has no tiers")
        return
    if len({tier.name for tier in tiers}) < len(tiers):
        yield error("tier-twice", "/tiers", "等级名称重复", "two tiers have the same name")
    for index in range(1, len(tiers)):
        if tiers[index].lower >= tiers[index - 1].lower:
            yield error(
                "borders-not-falling",
                f"/tiers/{index}/lower",
                "等级须由高到低排列，下限逐级降低",
                "tiers stand from the highest to the lowest with falling borders",
            )
    if scheme.kind == "points":
        yield from _point_borders(tiers)
    for index, tier in enumerate(tiers):
        if tier.range_to is not None and (index > 0 or tier.range_to <= tier.lower):
            yield error(
                "range-not-above",
                f"/tiers/{index}/range_to",
                "只有最高等级可以有上限，且须高于其下限",
                "only the highest tier may have an upper end, above its lower border",
            )


def _point_borders(tiers: tuple[Tier, ...]) -> Iterator[Finding]:
    if tiers[0].lower > WHOLE_WEIGHT:
        yield error(
            "border-out-of-reach",
            "/tiers/0/lower",
            f"下限高于满分 {WHOLE_WEIGHT}",
            f"the border lies above the full score of {WHOLE_WEIGHT}",
        )
    if tiers[-1].lower != 0:
        yield error(
            "points-without-tier",
            f"/tiers/{len(tiers) - 1}/lower",
            "计分方案的最低等级须从 0 分起",
            "the lowest tier of a scheme of points starts at 0",
        )
