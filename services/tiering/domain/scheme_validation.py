"""What is wrong with a scheme before it may be activated (C4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.tiering.domain.schemes import WHOLE_WEIGHT, Factor, Measure, Scheme, Tier
from shared.errors import Refusal

_ZERO = Decimal(0)
_TOO_LARGE = 10**15
_PLACES = 12
"""Numbers beyond these are slips of the pen; exact arithmetic would follow them for ever."""
_WORD = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (`error`) or odd (`warning`), with the JSON Pointer of its place."""

    severity: Literal["error", "warning"]
    code: str
    pointer: str
    zh: str
    en: str


class SchemeNotValid(Refusal):
    """The scheme has errors and cannot be activated."""

    code = "scheme-not-valid"
    rule = "T-28"
    title_zh = "方案未通过校验"
    title_en = "The scheme is not valid"


def validate(scheme: Scheme) -> tuple[Finding, ...]:
    """Everything wrong or odd about `scheme`, in the order of its fields; empty when sound.

    Numbers beyond all range are found alone: nothing else is calculated with them.
    """
    out_of_range = tuple(_numbers(scheme))
    if out_of_range:
        return out_of_range
    return (
        *_names(scheme),
        *_window(scheme),
        *_weights(scheme),
        *_factors(scheme),
        *_tiers(scheme),
        *_population(scheme),
    )


def require_valid(scheme: Scheme) -> None:
    """Raise SchemeNotValid with the first error when `scheme` has any; warnings pass."""
    errors = [finding for finding in validate(scheme) if finding.severity == "error"]
    if errors:
        first = errors[0]
        raise SchemeNotValid(
            first.zh,
            first.en,
            pointer=first.pointer,
            scheme=scheme.name,
            findings=[finding.code for finding in errors],
        )


def require_name(scheme: Scheme) -> None:
    """Raise SchemeNotValid when the scheme's name cannot be used as one, in an address say."""
    if not _WORD.fullmatch(scheme.name):
        finding = next(_names(scheme))
        raise SchemeNotValid(finding.zh, finding.en, pointer="/body/name", scheme=scheme.name)


def _error(code: str, pointer: str, zh: str, en: str) -> Finding:
    return Finding("error", code, pointer, zh, en)


def _names(scheme: Scheme) -> Iterator[Finding]:
    named = [("/name", scheme.name)]
    named += [(f"/factors/{i}/name", factor.name) for i, factor in enumerate(scheme.factors)]
    named += [(f"/tiers/{i}/name", tier.name) for i, tier in enumerate(scheme.tiers)]
    for pointer, name in named:
        if not _WORD.fullmatch(name):
            yield _error(
                "name-not-a-word",
                pointer,
                f"名称 {name} 只能用小写字母、数字、点、横线和下划线",
                f"the name {name} may have small letters, digits, dots, dashes and underscores",
            )


def _window(scheme: Scheme) -> Iterator[Finding]:
    window = scheme.window
    if window.unit == "rolling" and (window.months is None or window.months < 1):
        yield _error(
            "window-without-months",
            "/window/months",
            "滚动周期须说明月数，至少一个月",
            "a rolling window says how many months, one at least",
        )
    if window.unit != "rolling" and window.months is not None:
        yield _error(
            "window-with-months",
            "/window/months",
            "只有滚动周期才有月数",
            "only a rolling window has months",
        )


def _numbers(scheme: Scheme) -> Iterator[Finding]:
    numbers = [(f"/factors/{i}/weight", factor.weight) for i, factor in enumerate(scheme.factors)]
    numbers += [(f"/factors/{i}/full_at", f.full_at or _ZERO) for i, f in enumerate(scheme.factors)]
    numbers += [(f"/tiers/{i}/lower", tier.lower) for i, tier in enumerate(scheme.tiers)]
    numbers += [(f"/tiers/{i}/range_to", t.range_to or _ZERO) for i, t in enumerate(scheme.tiers)]
    for pointer, number in numbers:
        exponent = number.as_tuple().exponent
        if number.copy_abs() >= _TOO_LARGE or not isinstance(exponent, int) or exponent < -_PLACES:
            yield _error(
                "number-out-of-range",
                pointer,
                f"数值须小于 {_TOO_LARGE}，最多 {_PLACES} 位小数",
                f"a number is below {_TOO_LARGE} and has at most {_PLACES} decimals",
            )


def _weights(scheme: Scheme) -> Iterator[Finding]:
    if len({factor.name for factor in scheme.factors}) < len(scheme.factors):
        yield _error("factor-twice", "/factors", "指标名称重复", "two factors have the same name")
    for index, factor in enumerate(scheme.factors):
        if factor.weight < 0:
            yield _error(
                "weight-negative",
                f"/factors/{index}/weight",
                f"指标 {factor.name} 的权重不能为负",
                f"the weight of {factor.name} cannot be negative",
            )
    total = sum((factor.weight for factor in scheme.counted), Decimal(0))
    if total != WHOLE_WEIGHT:
        yield _error(
            "weights-do-not-sum",
            "/factors",
            f"计入的权重之和须为 {WHOLE_WEIGHT}%，现为 {total}%",
            f"the counted weights must sum to {WHOLE_WEIGHT} %, they sum to {total} %",
        )
    if scheme.kind == "bands" and len(scheme.factors) != 1:
        yield _error(
            "bands-of-several-factors",
            "/factors",
            "分档方案只有一个指标",
            "a scheme of bands has exactly one factor",
        )


def _factors(scheme: Scheme) -> Iterator[Finding]:
    for index, factor in enumerate(scheme.factors):
        yield from _full_at(scheme, factor, f"/factors/{index}/full_at")
        yield from _measure(scheme, factor.measure, f"/factors/{index}/measure")


def _full_at(scheme: Scheme, factor: Factor, pointer: str) -> Iterator[Finding]:
    if scheme.kind == "bands" and factor.full_at is not None:
        yield _error(
            "bands-with-points",
            pointer,
            "分档方案的指标不折算分值",
            "the factor of a scheme of bands has no points",
        )
    if scheme.kind == "points" and factor.is_counted and (factor.full_at or 0) <= 0:
        yield _error(
            "full-points-missing",
            pointer,
            f"指标 {factor.name} 须说明得满分的数值，且大于零",
            f"{factor.name} must say at which value above zero it has full points",
        )


def _measure(scheme: Scheme, measure: Measure, pointer: str) -> Iterator[Finding]:
    denominator = measure.denominator
    if (measure.kind == "share") != (denominator is not None):
        yield _error(
            "denominator-and-share",
            f"{pointer}/denominator",
            "占比指标须有分母，其他指标没有分母",
            "a share has a denominator, other measures have none",
        )
    if denominator and (denominator.of == "specialty") != (denominator.business_line is not None):
        yield _error(
            "denominator-line",
            f"{pointer}/denominator/business_line",
            "以专业为分母时须说明专业，以市局为分母时不说明",
            "a specialty as denominator names its business line, a city bureau does not",
        )
    is_metered = measure.metric is not None and measure.reading is not None
    if (measure.kind == "usage") != is_metered or (
        measure.kind != "usage" and (measure.metric or measure.reading)
    ):
        yield _error(
            "metric-and-usage",
            f"{pointer}/metric",
            "用量指标须说明计量项和取值方法，其他指标没有",
            "usage names its metric and how it is read, other measures do not",
        )
    if denominator and scheme.window.unit != "year":
        yield Finding(
            "warning",
            "share-of-a-year",
            f"{pointer}/denominator",
            "分母为全年收入，而考核周期不是自然年",
            "the denominator is a year's revenue but the period is not a calendar year",
        )


def _tiers(scheme: Scheme) -> Iterator[Finding]:
    tiers = scheme.tiers
    if not tiers:
        yield _error("no-tiers", "/tiers", "方案没有等级", "the scheme has no tiers")
        return
    if len({tier.name for tier in tiers}) < len(tiers):
        yield _error("tier-twice", "/tiers", "等级名称重复", "two tiers have the same name")
    for index in range(1, len(tiers)):
        if tiers[index].lower >= tiers[index - 1].lower:
            yield _error(
                "borders-not-falling",
                f"/tiers/{index}/lower",
                "等级须由高到低排列，下限逐级降低",
                "tiers stand from the highest to the lowest with falling borders",
            )
    if scheme.kind == "points":
        yield from _point_borders(tiers)
    for index, tier in enumerate(tiers):
        if tier.range_to is not None and (index > 0 or tier.range_to <= tier.lower):
            yield _error(
                "range-not-above",
                f"/tiers/{index}/range_to",
                "只有最高等级可以有上限，且须高于其下限",
                "only the highest tier may have an upper end, above its lower border",
            )


def _point_borders(tiers: tuple[Tier, ...]) -> Iterator[Finding]:
    if tiers[0].lower > WHOLE_WEIGHT:
        yield _error(
            "border-out-of-reach",
            "/tiers/0/lower",
            f"下限高于满分 {WHOLE_WEIGHT}",
            f"the border lies above the full score of {WHOLE_WEIGHT}",
        )
    if tiers[-1].lower != 0:
        yield _error(
            "points-without-tier",
            f"/tiers/{len(tiers) - 1}/lower",
            "计分方案的最低等级须从 0 分起",
            "the lowest tier of a scheme of points starts at 0",
        )


def _population(scheme: Scheme) -> Iterator[Finding]:
    if not scheme.states:
        yield _error(
            "no-population",
            "/states",
            "方案须说明考核哪些状态的客户",
            "no states of customers named",
        )
    if not 0 <= scheme.shown_places <= 6:
        yield _error("shown-places", "/shown_places", "显示位数须为 0 至 6", "show 0 to 6 decimals")
