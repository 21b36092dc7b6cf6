"""What of a customer's data could not be taken as it came: kept, flagged, never silently corrected.

A flag keeps the original text for ever. A person resolves it, by a correction or by confirming that
it stays as it is (X-11).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid

from ..archive.masking import masked
from ..archive.parts.fields import Secrecy


class FlaggedField(StrEnum):
    """Which field of the customer a flag is about."""

    CREDIT_CODE = "unified_credit_code"
    DIVISION = "division_code"
    HEAD_OFFICE = "head_office_code"
    CAPITAL = "registered_capital"
    PHONE = "phone"


class FlagFinding(StrEnum):
    """What was found."""

    CREDIT_CODE_RESPELLED = "credit-code-respelled"
    CREDIT_CODE_INVALID = "credit-code-invalid"
    DIVISION_RETIRED = "division-retired"
    HEAD_OFFICE_WITHOUT_ID = "head-office-without-id"
    CAPITAL_UNREADABLE = "capital-unreadable"
    PHONE_UNREADABLE = "phone-unreadable"


class FlagOutcome(StrEnum):
    """How a flag was resolved."""

    CORRECTED = "corrected"
    CONFIRMED = "confirmed"


WORDS: dict[FlagFinding, tuple[str, str]] = {
    FlagFinding.CREDIT_CODE_RESPELLED: (
        "统一社会信用代码写法不规范（小写、全角或空格），按规范写法登记",
        "the credit code came in small, wide or spaced signs; the register has its standard form",
    ),
    FlagFinding.CREDIT_CODE_INVALID: (
        "统一社会信用代码无效，未登记",
        "no valid credit code: the register holds none",
    ),
    FlagFinding.DIVISION_RETIRED: (
        "行政区划代码已停用，须说明现属区划",
        "the division is no longer in force: say where the customer is now",
    ),
    FlagFinding.HEAD_OFFICE_WITHOUT_ID: (
        "总部尚无ID，暂不发放分支ID",
        "the head office has no ID yet, so none was issued below it",
    ),
    FlagFinding.CAPITAL_UNREADABLE: (
        "注册资本无法识别为人民币金额，原文保留",
        "the registered capital cannot be read as an amount in yuan; the words are kept",
    ),
    FlagFinding.PHONE_UNREADABLE: (
        "不是可用的电话号码，原文保留",
        "not a usable telephone number; the text is kept",
    ),
}
"""What each finding means, in Chinese and English."""


class FlagResolved(Conflict):
    """Somebody resolved the flag before."""

    code = "flag-resolved"
    rule = "X-11"
    title_zh = "该标记已处理"
    title_en = "Flag resolved"


class UnusableCorrection(Invalid):
    """The corrected value is no better than what was flagged."""

    code = "unusable-correction"
    rule = "X-11"
    title_zh = "更正值无效"
    title_en = "Unusable correction"


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing about a field; `said` as it came, `kept` what the register holds instead."""

    field: FlaggedField
    finding: FlagFinding
    said: str
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class KeptFlag:
    """A flag of a customer, as it stands in the register."""

    flag_id: UUID
    customer_key: UUID
    flag: Flag
    is_resolved: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a flag ended: who, when, why, and the corrected value if there is one."""

    flag_id: UUID
    customer_key: UUID
    outcome: FlagOutcome
    value: str | None
    reason: str
    on: date
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a sender said of a customer and what could be read of it."""

    credit_code: str | None = None
    read_credit_code: str | None = None
    capital: str | None = None
    capital_is_readable: bool = True
    phone: str | None = None
    phone_is_readable: bool = True


def flags_of(said: Said) -> list[Flag]:
    """Everything that could not be taken as it came (X-11)."""
    flags = []
    if said.credit_code and said.read_credit_code is None:
        flags.append(
            Flag(FlaggedField.CREDIT_CODE, FlagFinding.CREDIT_CODE_INVALID, said.credit_code)
        )
    elif said.credit_code and said.credit_code != said.read_credit_code:
        finding = FlagFinding.CREDIT_CODE_RESPELLED
        flags.append(
            Flag(FlaggedField.CREDIT_CODE, finding, said.credit_code, said.read_credit_code)
        )
    if said.capital and not said.capital_is_readable:
        finding = FlagFinding.CAPITAL_UNREADABLE
        flags.append(Flag(FlaggedField.CAPITAL, finding, said.capital, said.capital))
    if said.phone and not said.phone_is_readable:
        flags.append(Flag(FlaggedField.PHONE, FlagFinding.PHONE_UNREADABLE, said.phone, said.phone))
    return flags


def resolve(
    kept: KeptFlag,
    outcome: FlagOutcome,
    value: str | None,
    *,
    reason: str,
    on: date,
    by: str,
) -> Resolution:
    """The end of an open flag; raises FlagResolved, UnusableCorrection (X-11).

    A correction needs a value, a confirmation has none.
    """
    if kept.is_resolved:
        raise FlagResolved(
            "该标记已经处理", "the flag was resolved before", flag_id=str(kept.flag_id)
        )
    if (outcome is FlagOutcome.CORRECTED) != (value is not None):
        raise UnusableCorrection(
            "更正须给出新值，确认则不得给出",
            "a correction needs a value, a confirmation must not have one",
            pointer="/value",
        )
    return Resolution(kept.flag_id, kept.customer_key, outcome, value, reason, on, by)


def is_confidential(flag: Flag) -> bool:
    """Whether what came is a person's to keep: a telephone number, or the words in its place."""
    return flag.field is FlaggedField.PHONE


def behind_mask(flag: Flag) -> Flag:
    """The flag as everybody in scope sees it; the text that came is sealed beside it (R-74)."""
    if not is_confidential(flag):
        return flag
    hidden = str(masked(flag.said, Secrecy.PHONE))
    return replace(flag, said=hidden, kept=hidden if flag.kept else None)


def as_kept(resolution: Resolution, flag: Flag) -> Resolution:
    """The resolution as it is written beside the flag: a phone behind its mask (R-74, X-11)."""
    if not is_confidential(flag) or resolution.value is None:
        return resolution
    return replace(resolution, value=str(masked(resolution.value, Secrecy.PHONE)))
