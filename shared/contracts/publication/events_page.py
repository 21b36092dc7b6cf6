"""`docs/events.md`: every event for people, from the same schemas that machines get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from shared.contracts import catalogue, values
from shared.contracts.envelope import Enterprise, Event
from shared.contracts.schemas import file_name, schema_of

Schema = Mapping[str, Any]
Consumers = Mapping[str, Sequence[str]]
"""CloudEvents type to the services that take it."""

_INTRODUCTION = """\
# Events

What other systems send and what the services publish. Written by `make contracts` from the classes
in `shared/contracts`; do not edit.

On the wire every event is a CloudEvent 1.0 in structured JSON; the tables show its `data`. The
subject of a service's fact is its type; what another system sends has the system as its second
token: `enterprise.erp.revenue_recorded.v1`. Contracts are additive within a major: fields not
named here are to be ignored, and fields named here stay. A field that is not marked *always* may
be absent or null.

A fact of ours (`dakehu.`) shows the whole published state of its `entity`; it names no person.
"""

_VALUES: tuple[tuple[str, Any, str], ...] = (
    ("amount", values.Amount, 'money as a string with at most two decimals: `"123.45"`'),
    ("exact number", values.Exact, 'a string that keeps every digit: `"0.6"`'),
    ("date", values.Day, "a calendar day at the site: `2026-03-01`"),
    ("instant", values.Instant, "a moment with an offset: `2026-03-01T09:00:00+08:00`"),
    ("ref", values.Ref, "a sender's own number, 1 to 200 characters"),
    ("entity ID", values.EntityId, "which one of its type, 1 to 300 characters"),
    ("code", values.Code, "of a unit, a member of staff, a system, an object; 1 to 64 characters"),
    ("name", values.Name, "of an organisation or a thing, 1 to 300 characters"),
    ("label", values.Label, "a word of the site in any script, 1 to 100 characters; may grow"),
    ("word", values.Word, "a word of the suite in lower case; may grow: treat others as unknown"),
    ("note", values.Note, "one line in the sender's words, up to 500 characters"),
    ("text", values.Text, "free text, up to 20 000 characters"),
    ("customer ID", values.CustomerId, "14 digits"),
    ("division code", values.DivisionCode, "6 digits of GB/T 2260"),
    ("currency", values.Currency, "three letters of ISO 4217"),
    ("period", values.Period, "a year, quarter or month: `2026`, `2026-Q1`, `2026-03`"),
    ("month", values.Month, "`2026-03`"),
)
_NOT_A_TYPE = ("description", "default", "title")


def _constraints(schema: Schema) -> str:
    return str(sorted((key, value) for key, value in schema.items() if key not in _NOT_A_TYPE))


_NAMES = {
    _constraints(TypeAdapter(kind).json_schema(mode="validation")): name
    for name, kind, _ in _VALUES
}


def events_page(consumers: Consumers) -> str:
    """The whole page. `consumers` may be empty: then nobody is named as taking an event."""
    lines = [_INTRODUCTION, "## At a glance", ""]
    lines += ["| event | publisher | taken by |", "|---|---|---|"]
    for event in catalogue.all_events():
        kind = catalogue.subject_of(event)
        takers = ", ".join(consumers.get(kind, ())) or "–"
        lines.append(f"| [`{kind}`](#{_anchor(kind)}) | {_publisher(event)} | {takers} |")
    lines += ["", *_events(consumers), "## Parts", "", *_parts(), "## Values", ""]
    lines += ["| value | how it is written |", "|---|---|"]
    lines += [f"| {name} | {meaning} |" for name, _, meaning in _VALUES]
    return "\n".join([*lines, ""])


def _events(consumers: Consumers) -> Iterator[str]:
    last = ""
    for event in catalogue.all_events():
        publisher = catalogue.publisher_of(event)
        if publisher != last:
            yield from (f"## {publisher}", "")
            last = publisher
        yield from _event(event, consumers.get(catalogue.subject_of(event), ()))


def _event(event: type[Event], takers: Sequence[str]) -> Iterator[str]:
    schema = schema_of(event)
    yield from (f"### {catalogue.subject_of(event)}", "", schema["description"], "")
    yield f"- subject: `{_subject(event)}`"
    yield f"- published by: {_publisher(event)}"
    yield f"- taken by: {', '.join(takers) or 'nobody yet'}"
    name = file_name(event)
    yield from (f"- schema: [{name}](../shared/contracts/published/{name})", "")
    yield from _fields(schema)


def _subject(event: type[Event]) -> str:
    kind = catalogue.subject_of(event)
    return kind.replace(".", ".<system>.", 1) if issubclass(event, Enterprise) else kind


def _publisher(event: type[Event]) -> str:
    return "other systems" if issubclass(event, Enterprise) else catalogue.publisher_of(event)


def _fields(schema: Schema) -> Iterator[str]:
    always = set(schema.get("required", ()))
    yield from ("| field | type | | meaning |", "|---|---|---|---|")
    for name, field in schema["properties"].items():
        presence = "always" if name in always else ""
        yield f"| `{name}` | {_type(field)} | {presence} | {_meaning(field)} |"
    yield ""


def _meaning(field: Schema) -> str:
    said = " ".join(field.get("description", "").split())
    default = field.get("default")
    return said if default in (None, [], {}, "") else f"{said} Absent: `{default}`."


def _type(field: Schema) -> str:
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{_anchor(name)})"
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"] if each.get("type") != "null")
    if "const" in field:
        return f"`{str(field['const']).lower()}`"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    if field.get("format") == "uuid":
        return "UUID"
    if field.get("type") == "integer":
        return f"integer ≥ {field['minimum']}" if "minimum" in field else "integer"
    return _NAMES.get(_constraints(field), str(field.get("type", "any")))


def _parts() -> Iterator[str]:
    found: dict[str, Schema] = {}
    for event in catalogue.all_events():
        found.update(schema_of(event).get("$defs", {}))
    for name, part in sorted(found.items()):
        yield from (f"### {name}", "", part["description"], "")
        if "enum" in part:
            yield from ("One of " + ", ".join(f"`{value}`" for value in part["enum"]) + ".", "")
        else:
            yield from _fields(part)


def _anchor(heading: str) -> str:
    return heading.lower().replace(".", "").replace(" ", "-")
