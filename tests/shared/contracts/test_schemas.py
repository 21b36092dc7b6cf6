"""The schema of an event says what its class accepts."""

from __future__ import annotations

import jsonschema_rs

from shared.contracts import catalogue
from shared.contracts.enterprise import ChargeCancelled, RevenueRecorded
from shared.contracts.schemas import DIALECT, file_name, schema_of


def test_a_schema_names_its_dialect_its_place_and_its_event() -> None:
    schema = schema_of(RevenueRecorded)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == "/contracts/enterprise.revenue_recorded.v1.json"
    assert schema["title"] == "RevenueRecorded"
    assert file_name(RevenueRecorded) == "enterprise.revenue_recorded.v1.json"


def test_every_schema_is_a_schema() -> None:
    for event in catalogue.all_events():
        jsonschema_rs.meta.validate(schema_of(event))


def test_every_event_every_part_and_every_field_says_what_it_means() -> None:
    for event in catalogue.all_events():
        schema = schema_of(event)
        for part in (schema, *schema.get("$defs", {}).values()):
            assert part.get("description"), part["title"]
            for name, field in part.get("properties", {}).items():
                assert field.get("description"), f"{event.__name__}: {part['title']}.{name}"


def test_a_schema_allows_fields_that_a_later_minor_version_adds() -> None:
    cancelled = jsonschema_rs.validator_for(schema_of(ChargeCancelled))
    known = {"ref": "CN-1", "reverses": {"type": "charge_raised", "ref": "INV-1"}}
    assert cancelled.is_valid(known)
    assert cancelled.is_valid({**known, "later": 1})
    assert not cancelled.is_valid({"ref": "CN-1"})


def test_the_same_class_gives_the_same_schema() -> None:
    assert schema_of(RevenueRecorded) == schema_of(RevenueRecorded)
