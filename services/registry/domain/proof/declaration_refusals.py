"""Why a declaration is refused."""

from __future__ import annotations

from shared.errors import Conflict, Forbidden, Invalid


class AlreadyDecided(Conflict):
    """The declaration was approved or refused before."""

    code = "declaration-already-decided"
    rule = "R-20"
    title_zh = "申报已作决定"
    title_en = "Declaration already decided"


class NotTheSuperior(Forbidden):
    """A declaration is decided by a centre above the one that declared."""

    code = "not-the-superior-centre"
    rule = "R-20"
    title_zh = "须由上级中心批准"
    title_en = "Not the superior centre"


class NotAnApprover(Forbidden):
    """The administrator proposes, the director decides."""

    code = "not-an-approver"
    rule = "R-09"
    title_zh = "须报总监核准"
    title_en = "Not an approver"


class OwnDeclaration(Forbidden):
    """Nobody approves what they declared themselves."""

    code = "own-declaration"
    rule = "R-09"
    title_zh = "不能核准自己的申报"
    title_en = "Own declaration"


class OutsideOwnUnit(Forbidden):
    """People declare for their own unit or one below it."""

    code = "outside-own-unit"
    rule = "R-20"
    title_zh = "超出本单位范围"
    title_en = "Outside the own unit"


class NotABranch(Invalid):
    """Only a branch below the declaring centre reports a lead."""

    code = "not-a-branch"
    rule = "R-04"
    title_zh = "上报单位不是本中心的支局"
    title_en = "Not a branch of this centre"


class DeveloperOutOfReach(Forbidden):
    """A director gives a customer to units of the own territory; across territories, one above."""

    code = "developer-out-of-reach"
    rule = "R-09"
    title_zh = "开发单位超出核准人辖区"
    title_en = "Developer out of reach"


class DeviationUnexplained(Invalid):
    """Whoever decides otherwise than proposed says why."""

    code = "deviation-unexplained"
    rule = "R-09"
    title_zh = "改变提议须说明理由"
    title_en = "Deviation unexplained"


class NotAProposer(Forbidden):
    """The customer administrator of the centre, or of one above, proposes."""

    code = "not-a-proposer"
    rule = "R-09"
    title_zh = "须由客户管理员初步界定"
    title_en = "Not a proposer"


class NoProposal(Conflict):
    """The administrator has not proposed yet which unit develops and serves."""

    code = "no-developer-proposed"
    rule = "R-09"
    title_zh = "尚未初步界定开发与服务单位"
    title_en = "No developer proposed"


class OwnProposal(Forbidden):
    """Nobody approves what they proposed themselves."""

    code = "own-proposal"
    rule = "R-09"
    title_zh = "不能核准自己的提议"
    title_en = "Own proposal"
