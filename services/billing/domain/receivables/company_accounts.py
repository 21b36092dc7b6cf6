"""Money is received only into accounts of the company, never into personal ones (B-36)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.errors import Refusal


class NotACompanyAccount(Refusal):
    """The money went to an account that is not the company's; kept as a compliance case."""

    code = "not-a-company-account"
    rule = "B-36"
    title_zh = "款项未进入公司账户"
    title_en = "Not a company account"


@dataclass(frozen=True)
class CompanyAccounts:
    """The accounts of the company, as other systems name them."""

    policy_name: ClassVar[str] = "company-accounts"

    accounts: tuple[str, ...]


def objection(
    account: str, policy: CompanyAccounts, at: str = "/data/company_account"
) -> NotACompanyAccount | None:
    """Why money in `account` cannot be booked, or None; `at` is where that stands in the input."""
    if account in policy.accounts:
        return None
    return NotACompanyAccount(
        f"{account} 不在公司账户之列，已作为合规个案保留",
        f"{account} is not among the company's accounts; kept as a compliance case",
        pointer=at,
        account=account,
    )
