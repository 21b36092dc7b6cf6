"""Preliminary agreements: drawn up, signed by three, filed, taken back (B-04, B-05, B-08)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.objects.authorities import Authority, check_signatory
from services.billing.domain.objects.deposits import Deposit
from services.billing.domain.objects.preliminary_agreements import (
    NotYourSignature,
    Preliminary,
    PreliminaryNotOpen,
    Signature,
    State,
    file,
    require_signed,
    sign,
    take_back,
    void,
)
from services.billing.domain.objects.purchase_rules import Party, PurchaseRules
from services.billing.storage.objects import agreements
from services.billing.storage.objects import preliminary_agreements as kept
from shared import policy
from shared.directory import customers, scope
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import Versioned
from shared.work import Work

_IN_USE = (State.SIGNED, State.FILED)


@dataclass(frozen=True, slots=True)
class DrawUp:
    """Customer, object and price (yuan)."""

    number: str
    object_code: str
    customer_key: UUID
    price: Decimal
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SignPreliminary:
    """One party's signature; for the customer with who signed, and an agent's authority."""

    preliminary_id: UUID
    expected_version: int
    party: Party
    signatory: str | None = None
    is_agent: bool = False
    authority: Authority | None = None
    on: date | None = None


async def draw_up(work: Work, command: DrawUp) -> Preliminary:
    """Draw an agreement up. Raises UnapprovedCustomer (R-20), OutOfScope, PreliminaryNotOpen."""
    on = business_day(command.on, work.today)
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")
    preliminary = Preliminary(
        preliminary_id=new_id(),
        number=command.number,
        object_code=command.object_code,
        customer_key=command.customer_key,
        price=command.price,
        drawn_up_on=on,
        staff_code=work.person.staff_code,
    )
    if not await kept.insert(work, preliminary):
        raise PreliminaryNotOpen(
            f"编号 {command.number} 已用，或该客户对 {command.object_code} 已有未办结的定购协议",
            f"the number {command.number} is taken, or the customer has an open one for"
            f" {command.object_code}",
        )
    return preliminary


async def sign_for(work: Work, command: SignPreliminary) -> Preliminary:
    """Add a signature (B-05), an agent's with its authority (B-10).

    Raises UnknownPreliminary, StaleVersion, NotYourSignature, AgentNotAuthorised,
    PreliminaryNotOpen.
    """
    on = business_day(command.on, work.today)
    rules = await policy.in_force(work, PurchaseRules, on)
    preliminary = await _held(work, command.preliminary_id, command.expected_version)
    check_signatory(command.authority, on, rules.body, rules.version, is_agent=command.is_agent)
    signature = Signature(
        command.party, work.person.staff_code, on, command.signatory, command.authority
    )
    signed = sign(preliminary, signature, work.person.roles, rules.body)
    await kept.add_signature(work, signed)
    return signed


async def take_back_copy(
    work: Work, preliminary_id: UUID, expected_version: int, reason: str | None
) -> Preliminary:
    """The manager files the customer's copy, once the contract is signed (B-08).

    Raises UnknownPreliminary, StaleVersion, NotYourSignature, PreliminaryNotOpen.
    """
    await _require_manager(work)
    preliminary = await _held(work, preliminary_id, expected_version)
    agreement = await agreements.standing_on(work, preliminary.object_code)
    if agreement is None or agreement.preliminary_id != preliminary_id:
        raise PreliminaryNotOpen(
            "合同尚未签订，定购协议不收回",
            "the copy is taken back at the contract, which is not signed",
        )
    back = take_back(preliminary)
    await kept.update(work, back, reason)
    return back


async def give_up(
    work: Work, preliminary_id: UUID, expected_version: int, reason: str
) -> Preliminary:
    """Nothing comes of an agreement without deposit and contract.

    Raises UnknownPreliminary, StaleVersion, PreliminaryNotOpen.
    """
    preliminary = await _held(work, preliminary_id, expected_version)
    if preliminary.state is State.FILED:
        raise PreliminaryNotOpen(
            "定购协议已随定金或合同备案，不能作废",
            "it is filed with a deposit or a contract, and ends with that",
        )
    ended = void(preliminary)
    await kept.update(work, ended, reason)
    return ended


async def file_with(work: Work, deposit: Deposit, on: date) -> Deposit:
    """File the signed agreement with finance as it takes `deposit`; the deposit names it (B-04).

    Raises NotSignedByAll, AnotherPrice (B-05).
    """
    rules = await policy.in_force(work, PurchaseRules, on)
    if not rules.body.signatures:
        return deposit
    preliminary = await kept.of(
        work, deposit.customer_key, deposit.object_code, State.OPEN, State.SIGNED
    )
    require_signed(preliminary, rules.body, rules.version, on)
    assert preliminary is not None, "nobody has signed what does not exist"
    await kept.update(work, file(preliminary, deposit.price))
    return replace(deposit, preliminary_id=preliminary.preliminary_id)


async def of_contract(
    work: Work, customer_key: UUID, object_code: str, rules: Versioned[PurchaseRules], on: date
) -> UUID | None:
    """The preliminary agreement behind a contract of the day `on`. Raises NotSignedByAll (B-05)."""
    if not rules.body.signatures:
        return None
    preliminary = await kept.of(work, customer_key, object_code, *_IN_USE)
    if preliminary is None:
        preliminary = await kept.of(work, customer_key, object_code, State.OPEN)
    require_signed(preliminary, rules.body, rules.version, on)
    assert preliminary is not None, "nobody has signed what does not exist"
    if preliminary.state is not State.FILED:
        await kept.update(work, file(preliminary, preliminary.price))
    return preliminary.preliminary_id


async def void_with(work: Work, preliminary_id: UUID | None, reason: str) -> None:
    """The agreement ends with the deposit or the contract that it was for."""
    if preliminary_id is not None:
        preliminary = await kept.held(work, preliminary_id)
        if preliminary.state in _IN_USE:
            await kept.update(work, void(preliminary), reason)


async def _held(work: Work, preliminary_id: UUID, expected_version: int) -> Preliminary:
    preliminary = await kept.held(work, preliminary_id)
    await scope.require(work, preliminary.customer_key, "money")
    require_version(expected_version, preliminary.version)
    return preliminary


async def _require_manager(work: Work) -> None:
    rules = await policy.in_force(work, PurchaseRules, work.today)
    if not work.person.roles & set(rules.body.manager_roles):
        names = ", ".join(rules.body.manager_roles)
        raise NotYourSignature(
            f"定购协议由 {names} 收回备案", f"{names} take the customer's copy back"
        )
