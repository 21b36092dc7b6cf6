"""An agent signs for the customer with a notarised power of attorney, or not at all (B-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import Conflict, Invalid

from .purchase_rules import PurchaseRules


class AgentNotAuthorised(Conflict):
    """No notarised power of attorney covers the day of an agent's signature (B-10)."""

    code = "agent-not-authorised"
    rule = "B-10"
    title_zh = "代理人无有效的公证委托书"
    title_en = "The agent is not authorised"


@dataclass(frozen=True)
class Authority:
    """A power of attorney: its number, the hash of the document, and the notary's certificate.

    `valid_until_on` is its last day if it names one.
    """

    document: str
    sha256: str
    notary: str
    certificate: str
    notarised_on: date
    valid_until_on: date | None = None


def check_signatory(
    authority: Authority | None,
    signed_on: date,
    rules: PurchaseRules,
    policy_version: int,
    *,
    is_agent: bool,
) -> None:
    """Raise unless the customer signs for itself, or an agent whom `authority` lets sign (B-10).

    AgentNotAuthorised, or Invalid for an authority that nobody makes use of.
    """
    if is_agent:
        _check_authority(authority, signed_on, rules, policy_version)
    elif authority is not None:
        raise Invalid(
            "有委托书时须注明由代理人签字",
            "an authority is an agent's: say that one signed",
            pointer="/signed_by_agent",
        )


def _check_authority(
    authority: Authority | None, signed_on: date, rules: PurchaseRules, policy_version: int
) -> None:
    if authority is None:
        raise AgentNotAuthorised(
            "由他人代理签约的，应有公证后的委托书",
            "an agent signs with a notarised power of attorney",
            pointer="/authority",
            policy_version=policy_version,
        )
    last_on = _last_on(authority, rules)
    if signed_on < authority.notarised_on:
        raise AgentNotAuthorised(
            f"委托书 {authority.document} 于 {authority.notarised_on} 公证，"
            f"晚于签字之日 {signed_on}",
            f"the power of attorney {authority.document} was notarised on"
            f" {authority.notarised_on}, after the signature of {signed_on}",
            pointer="/authority/notarised_on",
            policy_version=policy_version,
        )
    if last_on is not None and signed_on > last_on:
        raise AgentNotAuthorised(
            f"委托书 {authority.document} 有效期至 {last_on}",
            f"the power of attorney {authority.document} held until {last_on}",
            pointer="/authority",
            valid_until_on=last_on.isoformat(),
            policy_version=policy_version,
        )


def _last_on(authority: Authority, rules: PurchaseRules) -> date | None:
    if authority.valid_until_on is not None or rules.authority_days is None:
        return authority.valid_until_on
    return authority.notarised_on + timedelta(days=rules.authority_days)
