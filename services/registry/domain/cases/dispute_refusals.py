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
