"""What is wrong with a scheme before it may be activated (C4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from services.tiering.domain.schemes.findings import Finding, error
from services.tiering.domain.schemes.scheme_borders import borders, numbers
from services.tiering.domain.schemes.schemes import WHOLE_WEIGHT, Factor, Measure, Scheme
from shared.errors import Refusal

_WORD = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


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
    out_of_range = tuple(numbers(scheme))
    if out_of_range:
        return out_of_range
    return (
        *_names(scheme),
        *_window(scheme),
        *_weights(scheme),
        *_factors(scheme),
        *borders(scheme),
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


def _names(scheme: Scheme) -> Iterator[Finding]:
    named = [("/name", scheme.name)]
    named += [(f"/factors/{i}/name", factor.name) for i, factor in enumerate(scheme.factors)]
    named += [(f"/tiers/{i}/name", tier.name) for i, tier in enumerate(scheme.tiers)]
    for pointer, name in named:
        if not _WORD.fullmatch(name):
            yield error(
                "name-not-a-word",
                pointer,
                f"名称 {name} 只能用小写字母、数字、点、横线和下划线",
                f"the name {name} may have small letters, digits, dots, dashes and underscores",
            )


def _window(scheme: Scheme) -> Iterator[Finding]:
    window = scheme.window
    if window.unit == "rolling" and (window.months is None or window.months < 1):
        yield error(
            "window-without-months",
            "/window/months",
            "滚动周期须说明月数，至少一个月",
            "a rolling window says how many months, one at least",
        )
    if window.unit != "rolling" and window.months is not None:
        yield error(
            "window-with-months",
            "/window/months",
            "只有滚动周期才有月数",
            "only a rolling window has months",
        )


def _weights(scheme: Scheme) -> Iterator[Finding]:
    if len({factor.name for factor in scheme.factors}) < len(scheme.factors):
        yield error("factor-twice", "/factors", "指标名称重复", "two factors have the same name")
    for index, factor in enumerate(scheme.factors):
        if factor.weight < 0:
            yield error(
                "weight-negative",
                f"/factors/{index}/weight",
                f"指标 {factor.name} 的权重不能为负",
                f"the weight of {factor.name} cannot be negative",
            )
    total = sum((factor.weight for factor in scheme.counted), Decimal(0))
    if total != WHOLE_WEIGHT:
        yield error(
            "weights-do-not-sum",
            "/factors",
            f"计入的权重之和须为 {WHOLE_WEIGHT}%，现为 {total}%",
            f"the counted weights must sum to {WHOLE_WEIGHT} %, they sum to {total} %",
        )
    if scheme.kind == "bands" and len(scheme.factors) != 1:
        yield error(
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
        yield error(
            "bands-with-points",
            pointer,
            "分档方案的指标不折算分值",
            "the factor of a scheme of bands has no points",
        )
    if scheme.kind == "points" and factor.is_counted and (factor.full_at or 0) <= 0:
        yield error(
            "full-points-missing",
            pointer,
            f"指标 {factor.name} 须说明得满分的数值，且大于零",
            f"{factor.name} must say at which value above zero it has full points",
        )


def _measure(scheme: Scheme, measure: Measure, pointer: str) -> Iterator[Finding]:
    denominator = measure.denominator
    if (measure.kind == "share") != (denominator is not None):
        yield error(
            "denominator-and-share",
            f"{pointer}/denominator",
            "占比指标须有分母，其他指标没有分母",
            "a share has a denominator, other measures have none",
        )
    if denominator and (denominator.of == "specialty") != (denominator.business_line is not None):
        yield error(
            "denominator-line",
            f"{pointer}/denominator/business_line",
            "以专业为分母时须说明专业，以市局为分母时不说明",
            "a specialty as denominator names its business line, a city bureau does not",
        )
    is_metered = measure.metric is not None and measure.reading is not None
    if (measure.kind == "usage") != is_metered or (
        measure.kind != "usage" and (measure.metric or measure.reading)
    ):
        yield error(
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


def _population(scheme: Scheme) -> Iterator[Finding]:
    if not scheme.states:
        yield error(
            "no-population",
            "/states",
            "方案须说明考核哪些状态的客户",
            "no states of customers named",
        )
    if not 0 <= scheme.shown_places <= 6:
        yield error("shown-places", "/shown_places", "显示位数须为 0 至 6", "show 0 to 6 decimals")
