"""Corrections that a policy demands (政策性退补): a rule for many charges, decided once (B-18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid

from .requests import check_decision
from .rules import Direction


class BatchState(StrEnum):
    """Where a batch stands; performed: nothing of it is left to post."""

    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    PERFORMED = "performed"


class InvalidRule(Invalid):
    """The rule contradicts itself."""

    code = "invalid-correction-rule"
    rule = "B-18"
    title_zh = "退补规则无效"
    title_en = "Invalid rule of a correction"


class NothingChosen(Conflict):
    """The rule finds no charge."""

    code = "nothing-to-correct"
    rule = "B-18"
    title_zh = "没有符合规则的账单"
    title_en = "The rule finds no charge"


class ChosenOtherwise(Conflict):
    """The charges are not those of the preview any more."""

    code = "preview-is-old"
    rule = "B-18"
    title_zh = "账单已有变化，请重新预览"
    title_en = "The preview is old"


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """Which charges, by when they were issued and of what kind, and how much of each.

    Either `rate`, a fraction of what a charge still asks for, or `amount` in gross yuan; a refund
    takes what is left at most. What a supplement adds is due on `due_on`.
    """

    direction: Direction
    issued_from: date
    issued_until: date
    tariff_class: str | None = None
    business_line: str | None = None
    rate: Decimal | None = None
    amount: Decimal | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a rule finds: so many charges of so many customers; yuan together, and at most."""

    charges: int
    customers: int
    total: Decimal
    largest: Decimal


@dataclass(frozen=True, slots=True)
class CorrectionBatch:
    """A batch at one step of its life.

    `staff_code`, `reason`, `decided_on`, `policy_version` and `inputs` are the step's; `applied_…`
    those of the first.
    """

    batch_id: UUID
    unit: str
    rule: ChargeRule
    chosen: Chosen
    state: BatchState
    applied_by: str
    applied_on: date
    applied_because: str
    staff_code: str
    reason: str
    decided_on: date
    policy_version: int
    inputs: Mapping[str, object]
    version: int = 1


def check_rule(rule: ChargeRule, on: date) -> None:
    """Raise InvalidRule unless it says how much of the charges of which past days."""
    if (rule.rate is None) == (rule.amount is None):
        raise _invalid("比例与金额须且只须一项", "either a rate or an amount", "/rate")
    if not rule.issued_from <= rule.issued_until <= on:
        raise _invalid(
            f"开具期间须先后有序且不晚于 {on}",
            f"the days of issue are in order and not after {on}",
            "/issued_until",
        )


def check_due(rule: ChargeRule, on: date) -> None:
    """Raise InvalidRule unless what a supplement adds falls due on `on` or later."""
    if rule.direction is Direction.SUPPLEMENT and (rule.due_on is None or rule.due_on < on):
        raise _invalid(
            f"补收须有不早于 {on} 的到期日",
            f"what is added falls due on {on} or later",
            "/due_on",
        )


def check_chosen(chosen: Chosen, charges: int, total: Decimal) -> None:
    """Raise unless there is something, and just what the preview showed.

    Raises NothingChosen, ChosenOtherwise.
    """
    if not chosen.charges:
        raise NothingChosen("没有可退补的账单", "there is no charge to be corrected")
    if (chosen.charges, chosen.total) != (charges, total):
        raise ChosenOtherwise(
            f"现为 {chosen.charges} 笔共 {chosen.total} 元，预览为 {charges} 笔共 {total} 元",
            f"it is {chosen.charges} charges of {chosen.total} yuan now,"
            f" the preview showed {charges} of {total}",
            charges=chosen.charges,
            total=chosen.total,
        )


def decided(
    batch: CorrectionBatch,
    state: BatchState,
    person: str,
    reason: str,
    on: date,
    policy_version: int,
    inputs: Mapping[str, object],
) -> CorrectionBatch:
    """The batch after a second person decided on all of it (B-18, B-19).

    Raises RequestNotOpen, DutiesNotApart, DecidedTooEarly.
    """
    check_decision(batch.state, BatchState.APPLIED, batch.applied_by, person, batch.decided_on, on)
    return replace(
        batch,
        state=state,
        staff_code=person,
        reason=reason,
        decided_on=on,
        policy_version=policy_version,
        inputs=inputs,
        version=batch.version + 1,
    )


def performed(batch: CorrectionBatch) -> CorrectionBatch:
    """The batch once nothing of it is left, as whoever confirmed it wanted."""
    return replace(batch, state=BatchState.PERFORMED, version=batch.version + 1)


def _invalid(zh: str, en: str, pointer: str) -> InvalidRule:
    return InvalidRule(zh, en, pointer=pointer)
