"""The facts that the benchmarks send: some hundred customers and their revenue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import orjson

from shared.contracts.envelope import Entity, Published
from shared.contracts.registry import (
    Aspect,
    CustomerChanged,
    CustomerCode,
    CustomerState,
    Grant,
    OwnershipChanged,
    ScopeChanged,
    UnitChanged,
    UnitLevel,
)
from shared.identifiers import derived_id
from shared.messaging.cloudevents import encode
from shared.messaging.relay import Row

CUSTOMERS = 500
SINCE = date(2024, 1, 1)
PROVINCE, CITY = "BENCH", "BENCH-CITY"
_SENT_AT = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)


def customer_key(number: int) -> UUID:
    """The key of customer `number`."""
    return derived_id("benchmark customer", number)


def known_world() -> Iterator[Published]:
    """What registry publishes: two units, and customers that the city owns."""
    yield _unit(PROVINCE, None, UnitLevel.PROVINCE)
    yield _unit(CITY, PROVINCE, UnitLevel.CITY)
    for number in range(CUSTOMERS):
        key = customer_key(number)
        yield CustomerChanged(
            entity=Entity(type="customer", id=str(key), version=1),
            customer_key=key,
            state=CustomerState.REGISTERED,
            customer_id=f"440100{number + 1:05}000",
            name=f"基准客户{number}",
            kind="commercial",
            division_code="440100",
            codes=(CustomerCode(system="erp", code=f"B-{number}"),),
            declared_on=SINCE,
            approved_on=SINCE,
            registered_on=SINCE,
        )
        yield OwnershipChanged(
            entity=Entity(type="ownership", id=str(key), version=1),
            customer_key=key,
            owner_unit=CITY,
            rule="default",
            effective_on=SINCE,
        )
        grants = [Grant(unit=CITY, aspect=aspect, from_on=SINCE) for aspect in Aspect]
        yield ScopeChanged(
            entity=Entity(type="scope", id=str(key), version=1),
            customer_key=key,
            grants=tuple(sorted(grants, key=lambda grant: grant.aspect)),
        )


def registry_rows(facts: Iterator[Published]) -> list[Row]:
    """`facts` as registry's relay sends them."""
    rows = []
    for position, fact in enumerate(facts):
        message_id, body = encode("registry", fact, _SENT_AT, None, None)
        rows.append(Row(position, fact.subject, f"registry/{message_id}", body))
    return rows


def revenue_rows(first: int, number: int) -> list[Row]:
    """`number` pieces of revenue as an ERP sends them, refs counting from `first`."""
    return [_revenue(ref) for ref in range(first, first + number)]


def _revenue(number: int) -> Row:
    occurred_on = date(2025, 1, 1) + timedelta(days=number % 365)
    body = orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"bench-{number}",
            "source": "/erp",
            "type": "enterprise.revenue_recorded.v1",
            "time": _SENT_AT,
            "data": {
                "ref": f"bench-{number}",
                "customer": {"system": "erp", "code": f"B-{number % CUSTOMERS}"},
                "business_line": ("函件", "速递", "集邮")[number % 3],
                "amount": {"amount": f"{number % 900 + 1}.{number % 100:02}", "currency": "CNY"},
                "occurred_on": occurred_on.isoformat(),
            },
        }
    )
    return Row(number, "enterprise.erp.revenue_recorded.v1", f"erp/bench-{number}", body)


def _unit(code: str, parent: str | None, level: UnitLevel) -> UnitChanged:
    return UnitChanged(
        entity=Entity(type="unit", id=code, version=1),
        unit=code,
        parent=parent,
        level=level,
        kind="territorial",
        name=code,
    )
