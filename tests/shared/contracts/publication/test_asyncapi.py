"""The AsyncAPI document names every event, who sends it and who takes it."""

from __future__ import annotations

from shared.contracts import catalogue
from shared.contracts.publication.asyncapi import asyncapi_document


def test_every_event_has_a_channel_a_message_and_a_schema() -> None:
    document = asyncapi_document({})
    kinds = {catalogue.subject_of(event) for event in catalogue.all_events()}
    assert document["channels"].keys() == kinds
    assert document["components"]["messages"].keys() == kinds
    assert kinds < document["components"]["schemas"].keys()


def test_what_another_system_sends_has_the_system_as_parameter_of_its_address() -> None:
    channel = asyncapi_document({})["channels"]["enterprise.revenue_recorded.v1"]
    assert channel["address"] == "enterprise.{system}.revenue_recorded.v1"
    assert channel["parameters"].keys() == {"system"}


def test_a_service_sends_its_facts_and_consumers_receive_them() -> None:
    kind = "dakehu.billing.revenue_posted.v1"
    operations = asyncapi_document({kind: ["registry", "tiering"]})["operations"]
    actions = {
        name: operation["action"]
        for name, operation in operations.items()
        if operation["channel"]["$ref"].endswith(kind)
    }
    assert actions == {
        f"billing.send.{kind}": "send",
        f"registry.receive.{kind}": "receive",
        f"tiering.receive.{kind}": "receive",
    }


def test_the_suite_receives_what_no_service_is_known_to_take() -> None:
    kind = "enterprise.revenue_recorded.v1"
    assert f"dakehu.receive.{kind}" in asyncapi_document({})["operations"]
    assert f"dakehu.receive.{kind}" not in asyncapi_document({kind: ["billing"]})["operations"]


def test_every_reference_points_to_something() -> None:
    document = asyncapi_document({"dakehu.billing.revenue_posted.v1": ["tiering"]})
    pending: list[object] = [document]
    references = set()
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            references |= {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
    assert references
    for reference in references:
        target: object = document
        for token in reference.removeprefix("#/").split("/"):
            assert isinstance(target, dict), reference
            target = target[token]
