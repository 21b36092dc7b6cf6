"""Why a dispute is refused."""

from __future__ import annotations

from shared.errors import Conflict, Forbidden, Invalid


class NothingInDispute(Invalid):
    """A dispute has at least two centres as parties."""

    code = "nothing-in-dispute"
    rule = "R-37"
    title_zh = "争议至少有两个单位"
    title_en = "Nothing in dispute"


class DisputeOpenAlready(Conflict):
    """One dispute about a customer at a time."""

    code = "dispute-open-already"
    rule = "R-37"
    title_zh = "该客户已有争议在审"
    title_en = "Dispute open already"


class DisputeClosed(Conflict):
    """The dispute was ruled, settled or withdrawn."""

    code = "dispute-closed"
    rule = "R-37"
    title_zh = "争议已结束"
    title_en = "Dispute closed"


class BeforeTheCase(Invalid):
    """A case ends on the day on which it was opened, or later."""

    code = "before-the-case"
    rule = "R-37"
    title_zh = "日期早于立案"
    title_en = "Before the case"


class NothingToAppeal(Conflict):
    """Only a ruling that is not final, and was not appealed against before, is appealed against."""

    code = "nothing-to-appeal"
    rule = "R-42"
    title_zh = "不得申诉"
    title_en = "Nothing to appeal"


class AppealOutOfTime(Conflict):
    """An appeal comes within the policy's days after the ruling."""

    code = "appeal-out-of-time"
    rule = "R-42"
    title_zh = "申诉超过期限"
    title_en = "Appeal out of time"


class NothingToWithdraw(Conflict):
    """Whoever claims or appeals may withdraw, once; the owner has claimed nothing."""

    code = "nothing-to-withdraw"
    rule = "R-37"
    title_zh = "没有可撤回的主张"
    title_en = "Nothing to withdraw"


class SettlementOutOfReach(Invalid):
    """The parties agree about themselves and what lies below them, and about nobody else."""

    code = "settlement-out-of-reach"
    rule = "R-37"
    title_zh = "和解超出当事单位范围"
    title_en = "Settlement out of reach"


class NoSuchSettlement(Conflict):
    """Only the newest proposal of an open dispute can be accepted."""

    code = "no-such-settlement"
    rule = "R-37"
    title_zh = "和解方案已不存在"
    title_en = "No such settlement"


class NotTheJudge(Forbidden):
    """The next higher centre rules, or one above it."""

    code = "not-the-ruling-centre"
    rule = "R-37"
    title_zh = "无权裁决此争议"
    title_en = "Not the ruling centre"


class NotAParty(Forbidden):
    """Only the parties and the ruling centre hand in evidence."""

    code = "not-a-party"
    rule = "R-37"
    title_zh = "不是争议当事单位"
    title_en = "Not a party"


class RulingOutOfReach(Invalid):
    """A centre rules about units in its own territory and days of the customer's life."""

    code = "ruling-out-of-reach"
    rule = "R-37"
    title_zh = "裁决超出范围"
    title_en = "Ruling out of reach"
