"""Whether a schema may take another's place within a major: pure functions over JSON Schemas.

Two questions decide it. Can the new schema read every message of the old one? It must always:
messages are kept, replayed and sent by systems that know nothing of the change. Can the old schema
read every message of the new one? It must where we are the sender (`dakehu.`), since a consumer
that is one release behind stays running. A field that disappears is refused either way.

The schemas are those that `shared.contracts.schemas` makes: draft 2020-12 with local `$ref`s. A
keyword that is not known here may not change at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Schema = Mapping[str, Any]

_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "examples"}
)
_COMPARED = frozenset(
    {"type", "enum", "const", "properties", "required", "items", "anyOf", "additionalProperties"}
)
_UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")


class Rule(StrEnum):
    """What a change does to a reader."""

    MUST_BE_PRESENT = "must-be-present"
    TYPE = "type"
    VALUE = "value"
    LIMIT = "limit"
    DEFAULT = "default"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Obstacle:
    """Something that one schema writes and another cannot read: where, and what it is."""

    field: str
    rule: Rule
    writer: str
    reader: str


@dataclass(frozen=True, slots=True)
class _Side:
    """A schema with the document that its references point into."""

    root: Schema
    schema: Schema

    def at(self, schema: Schema) -> _Side:
        """`schema` of the same document, references followed, what stands beside them kept."""
        while "$ref" in schema:
            target: Any = self.root
            for token in schema["$ref"].removeprefix("#/").split("/"):
                target = target[token]
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**target, **beside}
        return _Side(self.root, schema)

    def alternatives(self) -> list[_Side]:
        """The schemas of which one must hold."""
        if "anyOf" not in self.schema:
            return [self]
        shared = {key: value for key, value in self.schema.items() if key != "anyOf"}
        return [
            found
            for option in self.schema["anyOf"]
            for found in self.at({**shared, **self.at(option).schema}).alternatives()
        ]


def unreadable(reader: Schema, writer: Schema) -> list[Obstacle]:
    """What messages of schema `writer` may hold that schema `reader` does not accept.

    Extra fields are no obstacle: every reader of ours ignores what it does not know.
    """
    return sorted(set(_read(_root(reader), _root(writer), "", frozenset())))


def removed_fields(before: Schema, after: Schema) -> list[str]:
    """JSON Pointers of the fields that `before` has and `after` has not."""
    return sorted(set(_removed(_root(before), _root(after), "", frozenset())))


def _root(schema: Schema) -> _Side:
    return _Side(schema, schema).at(schema)


def _read(reader: _Side, writer: _Side, at: str, seen: frozenset[str]) -> Iterator[Obstacle]:
    pair = f"{reader.schema}\0{writer.schema}"
    if pair in seen:
        return
    readers = reader.alternatives()
    for option in writer.alternatives():
        attempts = [list(_read_one(each, option, at, seen | {pair})) for each in readers]
        yield from min(attempts, key=_weight)


def _weight(obstacles: list[Obstacle]) -> tuple[bool, int]:
    return (any(found.rule is Rule.TYPE for found in obstacles), len(obstacles))


def _read_one(reader: _Side, writer: _Side, at: str, seen: frozenset[str]) -> Iterator[Obstacle]:
    read, written = reader.schema, writer.schema
    wanted, given = read.get("type"), written.get("type")
    if wanted is not None and wanted != given and (wanted, given) != ("number", "integer"):
        yield Obstacle(at, Rule.TYPE, _said(given), _said(wanted))
        return
    yield from _values(read, written, at)
    yield from _limits(read, written, at)
    yield from _others(read, written, at)
    yield from _fields(reader, writer, at, seen)
    if "items" in read:
        yield from _read(
            reader.at(read["items"]), writer.at(written.get("items", {})), f"{at}/*", seen
        )
    yield from _members(reader, writer, at, seen)


def _values(read: Schema, written: Schema, at: str) -> Iterator[Obstacle]:
    accepted, sent = _vocabulary(read), _vocabulary(written)
    if accepted is None:
        return
    if sent is None:
        yield Obstacle(at, Rule.VALUE, "*", ", ".join(accepted))
        return
    for value in sent:
        if value not in accepted:
            yield Obstacle(at, Rule.VALUE, value, ", ".join(accepted))


def _vocabulary(schema: Schema) -> list[str] | None:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return None if values is None else [_said(value) for value in values]


def _limits(read: Schema, written: Schema, at: str) -> Iterator[Obstacle]:
    for keyword in (*_UPPER, *_LOWER):
        limit, sent = read.get(keyword), written.get(keyword)
        if limit is None:
            continue
        if sent is None or (sent > limit if keyword in _UPPER else sent < limit):
            yield Obstacle(at, Rule.LIMIT, f"{keyword} {_said(sent)}", f"{keyword} {limit}")
    for keyword in ("pattern", "format"):
        if keyword in read and read[keyword] != written.get(keyword):
            sent = _said(written.get(keyword))
            yield Obstacle(at, Rule.LIMIT, f"{keyword} {sent}", f"{keyword} {read[keyword]}")


def _others(read: Schema, written: Schema, at: str) -> Iterator[Obstacle]:
    known = _ANNOTATIONS | _COMPARED | {*_UPPER, *_LOWER, "pattern", "format", "default"}
    for keyword in sorted((read.keys() | written.keys()) - known):
        if read.get(keyword) != written.get(keyword):
            yield Obstacle(
                at,
                Rule.UNKNOWN,
                f"{keyword} {_said(written.get(keyword))}",
                f"{keyword} {_said(read.get(keyword))}",
            )


def _fields(reader: _Side, writer: _Side, at: str, seen: frozenset[str]) -> Iterator[Obstacle]:
    read, written = reader.schema.get("properties", {}), writer.schema.get("properties", {})
    always = set(writer.schema.get("required", ()))
    for name in reader.schema.get("required", ()):
        if name not in always:
            yield Obstacle(f"{at}/{name}", Rule.MUST_BE_PRESENT, "optional", "required")
    for name in sorted(read.keys() & written.keys()):
        here = f"{at}/{name}"
        yield from _read(reader.at(read[name]), writer.at(written[name]), here, seen)
        if name not in always:
            yield from _absence(read[name], written[name], here)


def _absence(read: Schema, written: Schema, at: str) -> Iterator[Obstacle]:
    meant, understood = written.get("default"), read.get("default")
    if meant != understood:
        yield Obstacle(at, Rule.DEFAULT, _said(meant), _said(understood))


def _members(reader: _Side, writer: _Side, at: str, seen: frozenset[str]) -> Iterator[Obstacle]:
    wanted = reader.schema.get("additionalProperties", True)
    given = writer.schema.get("additionalProperties", True)
    if wanted is True or wanted == given:
        return
    if isinstance(wanted, Mapping) and isinstance(given, Mapping):
        yield from _read(reader.at(wanted), writer.at(given), f"{at}/*", seen)
    elif given is not False:
        yield Obstacle(at, Rule.TYPE, f"members {_said(given)}", f"members {_said(wanted)}")


def _removed(before: _Side, after: _Side, at: str, seen: frozenset[str]) -> Iterator[str]:
    pair = f"{before.schema}\0{after.schema}"
    if pair in seen:
        return
    seen |= {pair}
    for old in before.alternatives():
        for new in after.alternatives():
            if old.schema.get("type") != new.schema.get("type"):
                continue
            kept = new.schema.get("properties", {})
            for name, field in old.schema.get("properties", {}).items():
                if name not in kept:
                    yield f"{at}/{name}"
                else:
                    yield from _removed(
                        before.at(field), after.at(kept[name]), f"{at}/{name}", seen
                    )
            if "items" in old.schema and "items" in new.schema:
                yield from _removed(
                    before.at(old.schema["items"]), after.at(new.schema["items"]), f"{at}/*", seen
                )


def _said(value: object) -> str:
    return "-" if value is None else str(value)
