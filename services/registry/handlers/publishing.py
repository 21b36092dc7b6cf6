"""Registry's facts, made from what it keeps, and told to the others and to its own directory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from services.registry.domain.belonging.contracts import Contract
from services.registry.domain.belonging.ownership import Ownership
from services.registry.domain.belonging.scope import Grant
from services.registry.domain.belonging.splits import Shares, Split
from services.registry.domain.centres.organisation import UnitRecord
from services.registry.domain.centres.staff import PublishedStaff
from services.registry.domain.people.managers import Managers
from services.registry.domain.register.customers import Customer
from shared.contracts import registry as facts
from shared.contracts.envelope import Entity, Event, MoneyAmount, Published, SourceRef
from shared.directory import DIRECTORY
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact, Message
from shared.messaging.consumers import Consumers
from shared.work import Work

_FOLLOWED = Consumers(*DIRECTORY)


async def tell(work: Work, *told: Published) -> None:
    """Publish `told`, and let registry's own directory follow in the same transaction.

    So a token, a scope or a reference is confirmed by what registry decided a moment ago, and
    facts that waited for it run.
    """
    for fact in told:
        work.publish(fact)
    await follow(work, told)


async def follow(work: Work, told: Sequence[Published]) -> None:
    """Let registry's own directory follow what was published, all of a batch at once."""
    own = [_heard(work, fact) for fact in told if type(fact) in _FOLLOWED]
    if own:
        await _FOLLOWED.dispatch(work, own)


def _heard(work: Work, fact: Published) -> Fact[Event]:
    heard = Fact(
        id=f"{fact.entity.type}/{fact.entity.id}/{fact.entity.version}",
        source=f"/dakehu/{work.service}",
        system=work.service,
        subject=fact.subject,
        type=fact.subject,
        time=work.now,
        customer_key=fact.customer_key,
        correlation_id=work.correlation_id,
        traceparent=work.traceparent,
        data=fact,
        digest=b"",
        message=Message(fact.subject, {}, b""),
    )
    return cast("Fact[Event]", heard)


def unit_changed(record: UnitRecord) -> facts.UnitChanged:
    """A unit as it is now (R-01, R-11)."""
    unit = record.unit
    return facts.UnitChanged(
        entity=Entity(type="unit", id=unit.code, version=record.version),
        unit=unit.code,
        parent=unit.parent,
        level=facts.UnitLevel(unit.level.value),
        kind=unit.kind.value,
        name=unit.name,
        division_code=record.division_code,
        region_class=record.region_class,
        specialty=record.specialty,
    )


def staff_changed(state: PublishedStaff) -> facts.StaffChanged:
    """A member of staff from a day on, without the name."""
    return facts.StaffChanged(
        entity=Entity(type="staff", id=state.member.code, version=state.version),
        staff_code=state.member.code,
        unit=state.member.unit,
        roles=tuple(sorted(state.member.roles)),
        state=facts.StaffState(state.member.state.value),
        on=state.effective_on,
    )


def customer_changed(customer: Customer, codes: Sequence[tuple[str, str]]) -> facts.CustomerChanged:
    """A customer as it is now; what it is suspended for stays here (R-20, R-22)."""
    return facts.CustomerChanged(
        entity=Entity(type="customer", id=str(customer.customer_key), version=customer.version),
        customer_key=customer.customer_key,
        state=facts.CustomerState(customer.state.value),
        customer_id=customer.customer_id,
        name=customer.name,
        short_name=customer.short_name,
        kind=customer.kind.value,
        division_code=customer.division_code,
        industry=customer.industry,
        head_office_key=customer.head_office_key,
        codes=tuple(facts.CustomerCode(system=system, code=code) for system, code in codes),
        specialty_class=customer.specialty_class,
        visit_class=customer.visit_class,
        is_one_off=customer.is_one_off,
        is_opening=customer.is_opening,
        declared_on=customer.declared_on,
        approved_on=customer.approved_on,
        registered_on=customer.registered_on,
        suspended_on=customer.suspended_on,
        closed_on=customer.closed_on,
    )


def scope_changed(customer_key: UUID, grants: Sequence[Grant], version: int) -> facts.ScopeChanged:
    """All grants of a customer, past ones too."""
    return facts.ScopeChanged(
        entity=Entity(type="scope", id=str(customer_key), version=version),
        customer_key=customer_key,
        grants=tuple(
            facts.Grant(
                unit=grant.unit,
                aspect=facts.Aspect(grant.aspect.value),
                from_on=grant.from_on,
                until_on=grant.until_on,
            )
            for grant in grants
        ),
    )


def ownership_changed(customer_key: UUID, ownership: Ownership) -> facts.OwnershipChanged:
    """Who owns a customer from a day on (R-36, R-37)."""
    return facts.OwnershipChanged(
        entity=Entity(type="ownership", id=str(customer_key), version=ownership.version),
        customer_key=customer_key,
        owner_unit=ownership.owner_unit,
        rule=ownership.rule.value,
        ruling_id=ownership.ruling_id,
        effective_on=ownership.effective_on,
        supersedes=ownership.supersedes,
    )


def split_changed(customer_key: UUID, split: Split, currency: str) -> facts.SplitChanged:
    """How a customer's revenue is shared from a day on; one split per customer (R-44, R-45)."""
    split_id = derived_id("split", customer_key)
    amount = split.base_amount
    return facts.SplitChanged(
        entity=Entity(type="split", id=str(split_id), version=split.version),
        customer_key=customer_key,
        split_id=split_id,
        base=shares_of(split.base),
        increment=shares_of(split.increment),
        base_amount=None if amount is None else MoneyAmount(amount=amount, currency=currency),
        rule=split.rule.value,
        ruling_id=split.ruling_id,
        effective_on=split.effective_on,
        supersedes=split.supersedes,
        overruled=tuple(rule.value for rule in split.overruled),
    )


def managers_assigned(
    customer_key: UUID, managers: Managers, version: int
) -> facts.ManagersAssigned:
    """Who A and B are, and in which phase the customer is (R-48)."""
    return facts.ManagersAssigned(
        entity=Entity(type="managers", id=str(customer_key), version=version),
        customer_key=customer_key,
        a_staff_code=managers.a,
        b_staff_code=managers.b,
        phase=facts.Phase(managers.phase.value),
        phase_contract_id=managers.phase_contract_id,
        rule=managers.rule.value,
        effective_on=managers.effective_on,
    )


def contract_signed(contract: Contract) -> facts.ContractSigned:
    """A framework contract was signed."""
    source = None
    if contract.source_system is not None and contract.source_ref is not None:
        source = SourceRef(system=contract.source_system, ref=contract.source_ref)
    return facts.ContractSigned(
        entity=Entity(type="contract", id=str(contract.contract_id), version=1),
        customer_key=contract.customer_key,
        contract_id=contract.contract_id,
        kind=contract.kind,
        source=source,
        signed_at_unit=contract.signed_at_unit,
        signed_on=contract.signed_on,
        valid_until_on=contract.valid_until_on,
        business_lines=contract.business_lines,
    )


def shares_of(shares: Shares) -> tuple[facts.SplitShare, ...]:
    """Shares as they are told, in their order."""
    return tuple(facts.SplitShare(unit=part.unit, share=part.share) for part in shares)
