"""A body that a route's form accepts, made from what OpenAPI says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]
Naming = Callable[[str, Schema, Schema], str]
"""Says what stands where a form asks for a name: takes the field, its schema, the components."""


def example(operation: Schema, naming: Naming) -> Any:
    """A body for `operation` with every field that is required; None when it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    return _value("body", content["application/json"]["schema"], operation["components"], naming)


def _value(name: str, schema: Schema, components: Schema, naming: Naming) -> Any:
    if "$ref" in schema:
        target = components["schemas"][schema["$ref"].rpartition("/")[2]]
        return _value(name, target, components, naming)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _value(name, schema[choice][0], components, naming)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", [])
        fields = schema.get("properties", {})
        return {field: _value(field, fields[field], components, naming) for field in wanted}
    if kind == "array":
        count = schema.get("minItems", 0)
        return [_value(name, schema.get("items", {}), components, naming) for _ in range(count)]
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return True
    return _text(name, schema, components, naming)


def _text(name: str, schema: Schema, components: Schema, naming: Naming) -> str:
    form, pattern = schema.get("format"), schema.get("pattern", "")
    if form == "date":
        return "2026-03-16"
    if form == "date-time":
        return "2026-03-16T10:00:00+08:00"
    if "{14}" in pattern:
        return "44010600001000"
    if "{6}" in pattern:
        return "440106"
    if pattern.startswith("^-?["):
        return "1.00"
    if "a-z0-9" in pattern:
        return "other"
    return naming(name, schema, components)
