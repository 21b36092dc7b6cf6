"""The pieces that events are made of."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.contracts.envelope import CustomerReference, Entity, Event, MoneyAmount
from shared.contracts.registry import CustomerIdentityChanged, SplitChanged

KEY = UUID("c05fdc46-6d7a-53c5-a2b1-4e8421e906b3")


@pytest.mark.parametrize(
    "reference",
    [
        {"system": "erp", "code": "C-88213"},
        {"customer_id": "44010000001000"},
        {"customer_key": str(KEY)},
    ],
)
def test_a_customer_is_named_in_one_of_three_ways(reference: dict[str, str]) -> None:
    assert CustomerReference.model_validate(reference)


@pytest.mark.parametrize(
    "reference",
    [
        {},
        {"system": "erp"},
        {"code": "C-88213"},
        {"system": "erp", "code": "C-88213", "customer_id": "44010000001000"},
        {"customer_id": "44010000001000", "customer_key": str(KEY)},
        {"customer_id": "44010000001000", "system": "erp"},
        {"customer_id": "4401000000100"},
    ],
)
def test_a_customer_is_not_named_in_none_half_or_two_ways(reference: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        CustomerReference.model_validate(reference)


@pytest.mark.parametrize("currency", ["cny", "CN", "CNYX", "¥", ""])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValidationError):
        MoneyAmount.model_validate({"amount": "1.00", "currency": currency})


def test_versions_count_from_1() -> None:
    assert Entity(type="customer", id="x", version=1)
    with pytest.raises(ValidationError):
        Entity(type="customer", id="x", version=0)


def test_an_event_cannot_be_changed() -> None:
    entity = Entity(type="customer", id="x", version=1)
    with pytest.raises(ValidationError, match="frozen"):
        entity.version = 2  # type: ignore[misc]  # that it is refused is the point


def test_what_is_absent_is_left_out_on_the_wire_and_read_back() -> None:
    undone = CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(KEY), version=2),
        customer_key=KEY,
        on=date(2026, 3, 2),
    )
    written = undone.model_dump_json(exclude_none=True)
    assert "survivor" not in written
    assert CustomerIdentityChanged.model_validate_json(written) == undone


def test_no_field_of_any_event_must_be_present_and_may_be_null() -> None:
    """What is null is not written, so such a field could never be read back."""
    for part in _every_part(Event):
        for name, field in part.model_fields.items():
            if field.is_required():
                assert not _may_be_null(part, name), f"{part.__name__}.{name}"


def _every_part(base: type[Event]) -> list[type[Event]]:
    return [each for sub in base.__subclasses__() for each in (sub, *_every_part(sub))]


def _may_be_null(part: type[Event], name: str) -> bool:
    field = part.model_json_schema()["properties"][name]
    return {"type": "null"} in field.get("anyOf", [])


def _split(base: list[tuple[str, str]], increment: list[tuple[str, str]]) -> SplitChanged:
    return SplitChanged.model_validate(
        {
            "entity": {"type": "split", "id": str(KEY), "version": 1},
            "customer_key": KEY,
            "split_id": KEY,
            "base": [{"unit": unit, "share": share} for unit, share in base],
            "increment": [{"unit": unit, "share": share} for unit, share in increment],
            "rule": "type-b",
            "effective_on": date(2026, 1, 1),
        }
    )


def test_shares_of_a_split_sum_to_exactly_one() -> None:
    thirds = [("GZ", "0.3333"), ("SZ", "0.3333"), ("DG", "0.3334")]
    assert _split([("GZ", "1")], [])
    assert _split([("GZ", "1")], thirds)


@pytest.mark.parametrize(
    ("base", "increment"),
    [
        ([("GZ", "0.9999")], []),
        ([("GZ", "1.0001")], []),
        ([("GZ", "1")], [("SZ", "0.6"), ("GZ", "0.3999")]),
        ([("GZ", "1.5"), ("SZ", "-0.5")], []),
        ([], [("GZ", "1")]),
    ],
)
def test_shares_of_a_split_that_leave_or_invent_something_are_refused(
    base: list[tuple[str, str]], increment: list[tuple[str, str]]
) -> None:
    with pytest.raises(ValidationError):
        _split(base, increment)
