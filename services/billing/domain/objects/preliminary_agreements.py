"""Preliminary agreements (定购协议): three signatures before any money (B-04, B-05).

Finance files it when it takes the deposit; at the contract the customer's copy is taken back and
filed by the manager (B-08).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from .authorities import Authority
from .purchase_rules import Party, PurchaseRules


class NotSignedByAll(Conflict):
    """A signature is missing, or there is no preliminary agreement at all (B-05)."""

    code = "not-signed-by-all"
    rule = "B-05"
    title_zh = "定购协议尚未三方签字"
    title_en = "Not signed by all"


class AnotherPrice(Conflict):
    """The signed preliminary agreement states another price (B-05)."""

    code = "another-price"
    rule = "B-05"
    title_zh = "总价与定购协议不符"
    title_en = "Another price was signed"


class NotYourSignature(Forbidden):
    """The signature is another role's, or the same person has signed for another party (B-05)."""

    code = "not-your-signature"
    rule = "B-05"
    title_zh = "无权以该身份签字"
    title_en = "Not your signature"


class PreliminaryNotOpen(Conflict):
    """The preliminary agreement is signed by that party, in use, taken back or void."""

    code = "preliminary-not-open"
    rule = "B-05"
    title_zh = "定购协议当前状态不允许此操作"
    title_en = "The preliminary agreement does not allow it"


class State(StrEnum):
    """Where a preliminary agreement stands."""

    OPEN = "open"
    SIGNED = "signed"
    FILED = "filed"
    TAKEN_BACK = "taken_back"
    VOID = "void"


@dataclass(frozen=True)
class Signature:
    """Who signed for a party, and when.

    For the customer `signatory` is whoever signed, as agent under `authority` or not, and
    `staff_code` who saw it.
    """

    party: Party
    staff_code: str
    signed_on: date
    signatory: str | None = None
    authority: Authority | None = None


@dataclass(frozen=True)
class Preliminary:
    """What is agreed before a deposit: object, customer and price in yuan."""

    preliminary_id: UUID
    number: str
    object_code: str
    customer_key: UUID
    price: Decimal
    drawn_up_on: date
    staff_code: str
    state: State = State.OPEN
    version: int = 1
    signatures: tuple[Signature, ...] = ()

    def signed_by(self, on: date) -> frozenset[Party]:
        """The parties that have signed by the day `on`."""
        return frozenset(each.party for each in self.signatures if each.signed_on <= on)


def sign(
    preliminary: Preliminary, signature: Signature, roles: Collection[str], rules: PurchaseRules
) -> Preliminary:
    """Add the signature of a party by somebody with `roles`; complete with the last (B-05).

    Raises NotYourSignature, PreliminaryNotOpen, Invalid (a day before it was drawn up).
    """
    _require(preliminary, State.OPEN)
    party = signature.party
    if party in preliminary.signed_by(date.max):
        raise PreliminaryNotOpen(f"{party} 已签字", f"the {party} has signed already")
    if not set(roles) & set(rules.roles_of(party)):
        names = ", ".join(rules.roles_of(party))
        raise NotYourSignature(
            f"{party} 的签字须由 {names} 办理", f"{names} sign for or with the {party}"
        )
    if party is not Party.CUSTOMER and _signed_for_us(preliminary, signature.staff_code):
        raise NotYourSignature(
            "销售人员与销售经理须为不同的人",
            "salesperson and manager are different people",
            staff_code=signature.staff_code,
        )
    if (signature.signatory is not None) is not (party is Party.CUSTOMER):
        raise Invalid(
            "客户的签字须写明签字人，本单位人员以本人身份签字",
            "the customer's signature names who signed; staff sign for themselves",
            pointer="/signatory",
        )
    if signature.authority is not None and party is not Party.CUSTOMER:
        raise Invalid(
            "只有客户可由他人代理签字",
            "nobody but the customer has an agent sign",
            pointer="/signed_by_agent",
        )
    if signature.signed_on < preliminary.drawn_up_on:
        raise Invalid(
            f"签字日期早于协议日期 {preliminary.drawn_up_on}",
            f"it was signed before it was drawn up on {preliminary.drawn_up_on}",
            pointer="/on",
        )
    signed = replace(preliminary, signatures=(*preliminary.signatures, signature))
    return _next(signed, State.OPEN if missing(signed, rules, date.max) else State.SIGNED)


def missing(preliminary: Preliminary | None, rules: PurchaseRules, on: date) -> tuple[Party, ...]:
    """The parties that have not signed by the day `on`."""
    signed = preliminary.signed_by(on) if preliminary is not None else frozenset()
    return tuple(party for party in rules.signatures if party not in signed)


def require_signed(
    preliminary: Preliminary | None, rules: PurchaseRules, policy_version: int, on: date
) -> None:
    """Raise NotSignedByAll unless all parties have signed by the day `on` (B-05)."""
    lacking = missing(preliminary, rules, on)
    if lacking:
        names = ", ".join(lacking)
        raise NotSignedByAll(
            f"定购协议缺少签字：{names}",
            f"the preliminary agreement lacks the signatures of {names}",
            missing=list(lacking),
            policy_version=policy_version,
        )


def file(preliminary: Preliminary, price: Decimal) -> Preliminary:
    """Filed by finance, which takes the deposit on an object of `price` yuan (B-04).

    One that comes without a deposit is filed at the contract. Whoever files it has seen that all
    have signed whom the policy of that day asks for.
    """
    if preliminary.price != price:
        raise AnotherPrice(
            f"定购协议总价 {preliminary.price} 元，定金按 {price} 元",
            f"{preliminary.price} yuan were agreed; the deposit is for {price}",
            pointer="/price",
            agreed=preliminary.price,
        )
    _require(preliminary, State.OPEN, State.SIGNED)
    return _next(preliminary, State.FILED)


def take_back(preliminary: Preliminary) -> Preliminary:
    """The customer's copy came back at the contract and is filed by the manager (B-08)."""
    _require(preliminary, State.FILED)
    return _next(preliminary, State.TAKEN_BACK)


def void(preliminary: Preliminary) -> Preliminary:
    """Nothing comes of it."""
    _require(preliminary, State.OPEN, State.SIGNED, State.FILED)
    return _next(preliminary, State.VOID)


def _signed_for_us(preliminary: Preliminary, staff_code: str) -> bool:
    ours = (each for each in preliminary.signatures if each.party is not Party.CUSTOMER)
    return any(each.staff_code == staff_code for each in ours)


def _require(preliminary: Preliminary, *states: State) -> None:
    if preliminary.state not in states:
        raise PreliminaryNotOpen(
            f"定购协议 {preliminary.number} 的状态为 {preliminary.state}",
            f"the preliminary agreement {preliminary.number} is {preliminary.state}",
            state=preliminary.state,
        )


def _next(preliminary: Preliminary, state: State) -> Preliminary:
    return replace(preliminary, state=state, version=preliminary.version + 1)
