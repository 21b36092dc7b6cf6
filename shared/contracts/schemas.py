"""The JSON Schema (draft 2020-12) of every event, made from its class."""

from __future__ import annotations

from typing import Any

from . import catalogue
from .envelope import Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def file_name(event: type[Event]) -> str:
    """Name of the file that keeps the schema of `event`."""
    return f"{catalogue.subject_of(event)}.json"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The schema of the `data` of `event`: what a reader accepts, unknown fields included."""
    schema = event.model_json_schema(mode="validation")
    for part in (schema, *schema.get("$defs", {}).values()):
        for field in part.get("properties", {}).values():
            _without_noise(field)
    title = schema.pop("title")
    return {
        "$schema": DIALECT,
        "$id": f"/contracts/{file_name(event)}",
        "title": title,
        **schema,
    }


def _without_noise(field: dict[str, Any]) -> None:
    """Drop what says nothing: a title made from the field's name, a default of null."""
    field.pop("title", None)
    if field.get("default", 0) is None:
        del field["default"]
