"""Why a step of a case may not be taken (E-38, E-39)."""

from __future__ import annotations

from shared.errors import Conflict, Invalid


class WrongState(Conflict):
    """The case does not stand where this can be done."""

    code = "complaint-wrong-state"
    rule = "E-38"
    title_zh = "投诉状态不允许此操作"
    title_en = "The case does not stand there"


class AnswerMissing(Conflict):
    """No case is resolved before the customer was answered."""

    code = "complaint-answer-missing"
    rule = "E-38"
    title_zh = "尚未答复客户"
    title_en = "The customer was not answered"


class ResultMissing(Invalid):
    """No case is resolved or closed without a result."""

    code = "complaint-result-missing"
    rule = "E-38"
    title_zh = "缺少处理结果"
    title_en = "No result"


class NoHigherLevel(Conflict):
    """The case is with the last level already."""

    code = "complaint-no-higher-level"
    rule = "E-39"
    title_zh = "已是最高一级"
    title_en = "No higher level"


class TimeRunsForward(Invalid):
    """What is said to have happened would lie before what it follows."""

    code = "complaint-time-runs-forward"
    rule = "E-38"
    title_zh = "时间早于前一步骤"
    title_en = "Earlier than what it follows"
