"""`docs/asyncapi.json`: the same events as an AsyncAPI 3.0 document, for tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts import catalogue
from shared.contracts.envelope import Enterprise, Event
from shared.contracts.schemas import schema_of

Consumers = Mapping[str, Sequence[str]]
"""CloudEvents type to the services that take it."""

_CLOUD_EVENT: dict[str, Any] = {
    "type": "object",
    "title": "CloudEvent",
    "description": "CloudEvents 1.0, structured mode.",
    "required": ["specversion", "id", "source", "type", "time", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1, "maxLength": 200},
        "source": {
            "type": "string",
            "description": "`/dakehu/<service>`, or `/<system>` for another system.",
        },
        "type": {"type": "string"},
        "subject": {"type": "string", "description": "The customer key, where there is one."},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string"},
        "correlationid": {"type": "string", "maxLength": 200},
        "traceparent": {"type": "string", "maxLength": 100},
        "data": {"type": "object"},
    },
}
_HEADERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "content-type": {"const": "application/cloudevents+json"},
        "Nats-Msg-Id": {
            "type": "string",
            "description": "`<system or service>/<id>`: the same message is stored once.",
        },
    },
}
_SYSTEM = {"description": "The enterprise system that sends it; proved by its NATS user."}


def asyncapi_document(consumers: Consumers) -> dict[str, Any]:
    """The document. With no `consumers` known it names what is sent and what is open to others."""
    events = catalogue.all_events()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Dakehu 大客户",
            "version": "1.0.0",
            "description": (
                "Facts that the services registry, tiering, engagement and billing publish on "
                "NATS JetStream, and what other systems send to them."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {catalogue.subject_of(event): _channel(event) for event in events},
        "operations": dict(
            operation for event in events for operation in _operations(event, consumers)
        ),
        "components": {
            "messages": {catalogue.subject_of(event): _message(event) for event in events},
            "schemas": _schemas(events),
        },
    }


def _channel(event: type[Event]) -> dict[str, Any]:
    kind = catalogue.subject_of(event)
    channel: dict[str, Any] = {
        "address": kind,
        "messages": {"fact": {"$ref": f"#/components/messages/{kind}"}},
        "tags": [{"name": catalogue.publisher_of(event)}],
    }
    if issubclass(event, Enterprise):
        channel["address"] = kind.replace(".", ".{system}.", 1)
        channel["parameters"] = {"system": _SYSTEM}
    return channel


def _operations(event: type[Event], consumers: Consumers) -> list[tuple[str, dict[str, Any]]]:
    kind = catalogue.subject_of(event)
    channel = {"$ref": f"#/channels/{kind}"}
    takers = consumers.get(kind, ())
    if issubclass(event, Enterprise):
        sent = [] if takers else [("dakehu", "receive")]
    else:
        sent = [(catalogue.publisher_of(event), "send")]
    return [
        (
            f"{who}.{action}.{kind}",
            {"action": action, "channel": channel, "tags": [{"name": who}]},
        )
        for who, action in [*sent, *((taker, "receive") for taker in takers)]
    ]


def _message(event: type[Event]) -> dict[str, Any]:
    kind = catalogue.subject_of(event)
    said = schema_of(event)["description"]
    return {
        "name": kind,
        "title": event.__name__,
        "summary": said.split("\n")[0],
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": kind},
                        "data": {"$ref": f"#/components/schemas/{kind}"},
                    },
                },
            ]
        },
    }


def _schemas(events: Sequence[type[Event]]) -> dict[str, Any]:
    found: dict[str, Any] = {"CloudEvent": _CLOUD_EVENT, "Headers": _HEADERS}
    for event in events:
        schema = _referring_to_components(schema_of(event))
        parts = schema.pop("$defs", {})
        for name, part in {**parts, catalogue.subject_of(event): schema}.items():
            if found.setdefault(name, part) != part:
                raise ValueError(f"two different parts of events are called {name}")
    return found


def _referring_to_components(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_referring_to_components(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value.replace("#/$defs/", "#/components/schemas/")
        if key == "$ref"
        else _referring_to_components(value)
        for key, value in schema.items()
        if key not in ("$schema", "$id")
    }
