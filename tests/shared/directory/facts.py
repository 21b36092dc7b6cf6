"""Facts of registry for these tests, short to write."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.envelope import Entity
from shared.contracts.registry import (
    Aspect,
    CustomerChanged,
    CustomerCode,
    CustomerIdentityChanged,
    CustomerState,
    Grant,
    ScopeChanged,
    UnitChanged,
    UnitLevel,
)
from shared.identifiers import derived_id

DAY = date(2026, 1, 1)


def key(name: str) -> UUID:
    """The key of the customer called `name`."""
    return derived_id("directory tests", name)


def unit(code: str, parent: str | None, version: int = 1, name: str = "某中心") -> UnitChanged:
    """A unit below `parent`."""
    return UnitChanged(
        entity=Entity(type="unit", id=code, version=version),
        unit=code,
        parent=parent,
        level=UnitLevel.COUNTY,
        kind="territorial",
        name=name,
    )


def customer(
    name: str,
    version: int = 1,
    *,
    state: CustomerState = CustomerState.APPROVED,
    codes: tuple[str, ...] = (),
    customer_id: str | None = None,
) -> CustomerChanged:
    """A customer with codes of the ERP."""
    return CustomerChanged(
        entity=Entity(type="customer", id=str(key(name)), version=version),
        customer_key=key(name),
        state=state,
        customer_id=customer_id,
        name=name,
        kind="commercial",
        division_code="440100",
        codes=tuple(CustomerCode(system="erp", code=code) for code in codes),
        declared_on=DAY,
        approved_on=None if state is CustomerState.DECLARED else DAY,
    )


def merged(name: str, into: str | None, version: int = 1) -> CustomerIdentityChanged:
    """`name` is now `into`, or itself again."""
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(key(name)), version=version),
        customer_key=key(name),
        survivor=key(into) if into else None,
        on=DAY,
    )


def scope(name: str, version: int, *grants: tuple[str, Aspect]) -> ScopeChanged:
    """Who may see `name`: pairs of unit and aspect."""
    return ScopeChanged(
        entity=Entity(type="scope", id=str(key(name)), version=version),
        customer_key=key(name),
        grants=tuple(Grant(unit=code, aspect=aspect, from_on=DAY) for code, aspect in grants),
    )
