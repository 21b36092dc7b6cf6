"""Why a deposit is not taken, upgraded or settled."""

from __future__ import annotations

from shared.errors import Conflict, Forbidden, Refusal


class DepositTooSmall(Refusal):
    """Less than a large deposit asks for (B-02)."""

    code = "deposit-too-small"
    rule = "B-02"
    title_zh = "定金低于下限"
    title_en = "The deposit is too small"


class DepositTooLarge(Refusal):
    """All deposits of the object together are more than the law and the policy allow."""

    code = "deposit-too-large"
    rule = "B-02"
    title_zh = "定金超过上限"
    title_en = "The deposit is too large"


class SmallDepositTooSmall(DepositTooSmall):
    """Less than a small deposit asks for (B-01)."""

    rule = "B-01"


class SmallDepositTooLarge(DepositTooLarge):
    """As much as only a large deposit may be (B-01)."""

    rule = "B-01"


class NoLargeDepositPossible(Refusal):
    """The price is so low that its limit lies below the minimum of a large deposit (C10)."""

    code = "no-large-deposit-possible"
    rule = "B-02"
    title_zh = "该总价不能收大定金"
    title_en = "This price allows no large deposit"


class NotFinanceStaff(Forbidden):
    """Only finance staff may collect (B-04)."""

    code = "not-finance-staff"
    rule = "B-04"
    title_zh = "定金必须由财务人员收取"
    title_en = "Only finance staff handle deposits"


class ObjectReserved(Conflict):
    """The object has a live deposit already, or is sold (B-11)."""

    code = "object-reserved"
    rule = "B-11"
    title_zh = "该户号已被预定"
    title_en = "The object is reserved"


def reserved(object_code: str) -> ObjectReserved:
    """What is said to whoever comes second; not who was first."""
    return ObjectReserved(
        f"{object_code} 已有有效定金或已签约",
        f"{object_code} has a live deposit or is sold",
        pointer="/object_code",
    )


class DepositNotLive(Conflict):
    """The deposit is over: applied, paid back, kept, expired, or upgraded (B-11)."""

    code = "deposit-not-live"
    rule = "B-11"
    title_zh = "定金已失效"
    title_en = "The deposit is no longer live"


class AlreadyLarge(Conflict):
    """A chain is upgraded once (C11)."""

    code = "deposit-already-large"
    rule = "B-11"
    title_zh = "定金只能升级一次"
    title_en = "The deposit is large already"


class NotAuthorised(Forbidden):
    """What becomes of a deposit is decided by somebody who is authorised (B-11)."""

    code = "deposit-decision-not-authorised"
    rule = "B-11"
    title_zh = "无权决定定金去向"
    title_en = "Not authorised to decide on deposits"


class CollectorDecides(Forbidden):
    """Whoever took the money does not decide what becomes of it (B-11)."""

    code = "collector-decides"
    rule = "B-11"
    title_zh = "收取人不得决定定金去向"
    title_en = "The collector does not decide"


class ContractStands(Conflict):
    """The object's contract is signed, so its deposit is set off, or the contract cancelled."""

    code = "contract-stands"
    rule = "B-08"
    title_zh = "合同已签，定金须抵扣首期款"
    title_en = "The contract stands"
