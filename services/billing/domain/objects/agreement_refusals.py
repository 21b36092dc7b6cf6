"""Why an agreement is not signed, registered or cancelled, or a deposit not set against it."""

from __future__ import annotations

from shared.errors import Conflict, Forbidden, Invalid


class ContractTooLate(Conflict):
    """The contract is to be signed within so many days of the deposit (B-03)."""

    code = "contract-too-late"
    rule = "B-03"
    title_zh = "签约超过约定期限"
    title_en = "The contract was signed too late"


class AnotherAgreement(Conflict):
    """The deposit reserves another object, or is another customer's (B-08)."""

    code = "another-agreement"
    rule = "B-08"
    title_zh = "定金与合同不符"
    title_en = "The deposit is not for this agreement"


class ContractBeforeDeposit(Invalid):
    """The deposit was taken for a contract that was signed already (B-08)."""

    code = "contract-before-deposit"
    rule = "B-08"
    title_zh = "签约早于收取定金"
    title_en = "The contract lies before the deposit"


class AlreadySold(Conflict):
    """An object is sold once, and an agreement's number is used once."""

    code = "already-sold"
    rule = "B-11"
    title_zh = "该户号或合同号已签约"
    title_en = "Sold already"


class SaleFinal(Conflict):
    """The sale is registered: nothing of it is undone any more (B-09)."""

    code = "sale-final"
    rule = "B-09"
    title_zh = "已登记备案，买卖已成交"
    title_en = "The sale is final"


class RegistrationNumberTaken(Conflict):
    """Two sales cannot be registered under one number."""

    code = "registration-number-taken"
    rule = "B-09"
    title_zh = "登记号已被使用"
    title_en = "The registration number is taken"


class AgreementCancelled(Conflict):
    """The agreement was cancelled before it was registered."""

    code = "agreement-cancelled"
    rule = "B-09"
    title_zh = "合同已撤销"
    title_en = "The agreement was cancelled"


class MayNotCancel(Forbidden):
    """Somebody authorised, and not whoever signed it, cancels an agreement (B-09)."""

    code = "may-not-cancel"
    rule = "B-09"
    title_zh = "无权撤销合同"
    title_en = "May not cancel"


class InstalmentsOutOfOrder(Invalid):
    """Instalments are numbered from 1, and none is due before the one before it."""

    code = "instalments-out-of-order"
    rule = "B-08"
    title_zh = "分期期号或到期日次序有误"
    title_en = "The instalments are out of order"
