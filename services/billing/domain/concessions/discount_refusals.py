"""Why a discount is not given."""

from __future__ import annotations

from shared.errors import Conflict, Forbidden, Refusal


class NoDiscountForTier(Conflict):
    """The customer's tier, or its having none, allows no discount (B-27)."""

    code = "no-discount-for-tier"
    rule = "B-27"
    title_zh = "该等级不享受资费优惠"
    title_en = "No discount for this tier"


class DiscountTooHigh(Refusal):
    """More than the customer's tier allows (B-27)."""

    code = "discount-too-high"
    rule = "B-27"
    title_zh = "优惠超过等级上限"
    title_en = "The discount is too high"


class NotYourStep(Forbidden):
    """The step is another role's, or another unit's (B-26)."""

    code = "not-your-step"
    rule = "B-26"
    title_zh = "该步骤不由您办理"
    title_en = "Not your step"


class NoSpecialtyBureau(Refusal):
    """The unit that is to approve is no specialty bureau (B-26)."""

    code = "no-specialty-bureau"
    rule = "B-26"
    title_zh = "审批单位不是专业局"
    title_en = "Not a specialty bureau"


class SamePerson(Forbidden):
    """Whoever approves is never the applicant (B-26)."""

    code = "same-person"
    rule = "B-26"
    title_zh = "申请与审批不得为同一人"
    title_en = "The approver is the applicant"


class StepOutOfTurn(Conflict):
    """Another step comes first (B-26)."""

    code = "step-out-of-turn"
    rule = "B-26"
    title_zh = "步骤次序有误"
    title_en = "The step is out of turn"


class DiscountNotPending(Conflict):
    """The discount is decided, or over."""

    code = "discount-not-pending"
    rule = "B-26"
    title_zh = "该优惠已办结"
    title_en = "The discount is not pending"


class DiscountsOverlap(Conflict):
    """Another discount of the customer holds for the same charges (B-27)."""

    code = "discounts-overlap"
    rule = "B-27"
    title_zh = "同期已有优惠"
    title_en = "Discounts overlap"
