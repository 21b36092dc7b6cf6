"""What may be asked for: how much of what, and whose money goes where (B-17, B-18)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from shared.errors import Conflict, Forbidden, Refusal

from ..arrears.waivers import Decider, WaiverAuthority
from ..books.funds import Fund


class Direction(StrEnum):
    """退 or 补."""

    REFUND = "refund"
    SUPPLEMENT = "supplement"


class Basis(StrEnum):
    """Whether something was wrong, or a policy demands it."""

    ERROR = "error"
    POLICY = "policy"


class NothingOpen(Conflict):
    """Nothing of the charge is left to be given up."""

    code = "nothing-open"
    rule = "B-17"
    title_zh = "账单没有未收余额"
    title_en = "Nothing of the charge is open"


class BeyondAuthority(Forbidden):
    """The level and role of whoever decides do not reach so far."""

    code = "write-off-beyond-authority"
    rule = "B-17"
    title_zh = "超出核销权限"
    title_en = "The write-off is beyond this authority"


class NotEvidence(Refusal):
    """The policy of the site does not take this for evidence of a bad debt."""

    code = "not-evidence"
    rule = "B-17"
    title_zh = "不是认可的坏账证据"
    title_en = "Not taken for evidence of a bad debt"


class RefundTooLarge(Refusal):
    """More would go back than nothing has taken of the payment."""

    code = "refund-too-large"
    rule = "B-34"
    title_zh = "退款超过未核销金额"
    title_en = "The refund exceeds what is unapplied"


class NothingPaid(Conflict):
    """A discount takes something off a charge; no money ever came in that could go back."""

    code = "nothing-paid"
    rule = "B-27"
    title_zh = "优惠不可退现"
    title_en = "A discount is not paid out"


class NotTheCustomersAccount(Refusal):
    """Money goes back to an account of the customer itself, never to a person's (B-36)."""

    code = "not-the-customers-account"
    rule = "B-36"
    title_zh = "收款账户不是该客户的对公账户"
    title_en = "Not an account of the customer"


class CorrectionTooLarge(Refusal):
    """More would be taken back than the charge still has."""

    code = "correction-too-large"
    rule = "B-18"
    title_zh = "退补超过账单余额"
    title_en = "The correction exceeds the charge"


@dataclass(frozen=True)
class WriteOffRules(WaiverAuthority):
    """Who may write off how much, on which evidence, and when a debt counts as doubtful (B-17)."""

    policy_name: ClassVar[str] = "write-offs"

    evidence: tuple[str, ...]
    doubtful_after_days: int


def check_evidence(evidence: str, rules: WriteOffRules, policy_version: int) -> None:
    """Raise NotEvidence unless the site takes it."""
    if evidence not in rules.evidence:
        raise NotEvidence(
            f"认可的证据：{'、'.join(rules.evidence)}",
            f"taken for evidence: {', '.join(rules.evidence)}",
            pointer="/evidence",
            policy_version=policy_version,
        )


def check_authority(
    by: Decider, amount: Decimal, rules: WriteOffRules, policy_version: int
) -> None:
    """Raise BeyondAuthority unless `by` may give up `amount` yuan of one charge."""
    if not rules.allows(by.level, by.roles, amount):
        roles = ", ".join(sorted(by.roles))
        raise BeyondAuthority(
            f"核销 {amount} 元超出 {by.level} 级 {roles} 的权限",
            f"to write off {amount} is beyond {roles} at level {by.level}",
            amount=amount,
            level=by.level,
            policy_version=policy_version,
        )


def check_refund(amount: Decimal, unapplied: Decimal, fund: str, ref: str) -> None:
    """Raise NothingPaid for a discount, RefundTooLarge unless so much of `ref` is unapplied."""
    if fund == Fund.DISCOUNT:
        raise NothingPaid(f"{ref} 是资费优惠，并未收款", f"{ref} is a discount, no money received")
    if amount > unapplied:
        raise RefundTooLarge(
            f"收款 {ref} 未核销 {unapplied} 元，退款 {amount} 元",
            f"{unapplied} of payment {ref} is unapplied; {amount} would go back",
            pointer="/amount",
            limit=unapplied,
        )


def check_holder(holder: str, name: str | None) -> None:
    """Raise NotTheCustomersAccount unless the account is held in the customer's own name."""
    if name is None or _plain(holder) != _plain(name):
        raise NotTheCustomersAccount(
            f"账户户名 {holder} 与客户名称不一致",
            f"the account is held by {holder}, which is not the customer's name",
            pointer="/account_holder",
        )


def check_correction(amount: Decimal, left: Decimal, ref: str) -> None:
    """Raise CorrectionTooLarge unless the charge `ref` still has so much."""
    if amount > left:
        raise CorrectionTooLarge(
            f"账单 {ref} 尚有 {left}，退 {amount}",
            f"charge {ref} has {left} left; {amount} would be taken back",
            pointer="/amount",
            limit=left,
        )


def _plain(name: str) -> str:
    pairs = str.maketrans({"(": "（", ")": "）", " ": "", "　": ""})
    return name.translate(pairs).casefold()
