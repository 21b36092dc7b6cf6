"""Both sides of every rule: what a reader still reads, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.publication.compatibility import (
    Obstacle,
    Rule,
    removed_fields,
    unreadable,
)


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


def _rules(reader: Any, writer: Any) -> list[Rule]:
    """Rules broken when a field is written by one schema and read by the other."""
    found = unreadable(_object(("a",), a=reader), _object(("a",), a=writer))
    assert all(obstacle.field.startswith("/a") for obstacle in found)
    return [obstacle.rule for obstacle in found]


def test_a_schema_reads_what_it_writes() -> None:
    schema = _object(("a",), a=_nullable(TEXT), b={"type": "array", "items": WHOLE})
    assert unreadable(schema, schema) == []


def test_a_field_that_the_reader_does_not_know_is_no_obstacle() -> None:
    assert unreadable(_object(), _object(("a",), a=TEXT)) == []


def test_an_optional_field_that_the_writer_does_not_know_is_no_obstacle() -> None:
    assert unreadable(_object(a=TEXT), _object()) == []


def test_a_required_field_must_be_written_always() -> None:
    reader = _object(("a",), a=TEXT)
    missing = Obstacle("/a", Rule.MUST_BE_PRESENT, "optional", "required")
    assert unreadable(reader, _object(("a",), a=TEXT)) == []
    assert unreadable(reader, _object(a=TEXT)) == [missing]
    assert unreadable(reader, _object()) == [missing]


def test_what_is_optional_to_the_reader_may_be_written_always() -> None:
    assert unreadable(_object(a=TEXT), _object(("a",), a=TEXT)) == []


def test_another_type_cannot_be_read() -> None:
    assert _rules(TEXT, WHOLE) == [Rule.TYPE]
    assert _rules(WHOLE, TEXT) == [Rule.TYPE]


def test_a_whole_number_is_a_number_and_not_the_other_way_round() -> None:
    assert _rules({"type": "number"}, WHOLE) == []
    assert _rules(WHOLE, {"type": "number"}) == [Rule.TYPE]


def test_a_schema_without_type_reads_every_type_and_is_read_by_itself_only() -> None:
    assert _rules({}, TEXT) == []
    assert _rules(TEXT, {}) == [Rule.TYPE]


def test_null_is_read_only_where_it_is_allowed() -> None:
    assert _rules(_nullable(TEXT), TEXT) == []
    assert _rules(TEXT, _nullable(TEXT)) == [Rule.TYPE]


def test_an_alternative_that_the_reader_lacks_is_an_obstacle() -> None:
    both = {"anyOf": [TEXT, WHOLE]}
    assert _rules(both, WHOLE) == []
    assert _rules(WHOLE, both) == [Rule.TYPE]


def test_the_best_fitting_alternative_counts() -> None:
    reader = {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 50}]}
    assert _rules(reader, {"type": "string", "maxLength": 20}) == []
    assert _rules(reader, {"type": "string", "maxLength": 51}) == [Rule.LIMIT]


def test_what_stands_beside_alternatives_holds_for_each() -> None:
    named = {"type": "object", "properties": {"x": TEXT, "y": TEXT}}
    either = {**named, "anyOf": [{"required": ["x"]}, {"required": ["y"]}]}
    assert _rules(either, either) == []
    assert _rules(named, either) == []
    assert _rules(either, named) == [Rule.MUST_BE_PRESENT]


def test_a_value_outside_the_readers_vocabulary_is_an_obstacle() -> None:
    two, three = {"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a", "b", "c"]}
    assert _rules(three, two) == []
    assert _rules(two, three) == [Rule.VALUE]
    assert _rules(TEXT, two) == []
    assert _rules(two, TEXT) == [Rule.VALUE]


def test_a_constant_is_a_vocabulary_of_one() -> None:
    constant = {"type": "string", "const": "a"}
    assert _rules({"type": "string", "enum": ["a", "b"]}, constant) == []
    assert _rules(constant, {"type": "string", "enum": ["a"]}) == []
    assert _rules(constant, {"type": "string", "const": "b"}) == [Rule.VALUE]


@pytest.mark.parametrize(
    ("keyword", "kind", "tight", "loose"),
    [
        ("maxLength", "string", 5, 6),
        ("minLength", "string", 2, 1),
        ("maximum", "integer", 5, 6),
        ("exclusiveMaximum", "integer", 5, 6),
        ("minimum", "integer", 1, 0),
        ("exclusiveMinimum", "integer", 1, 0),
        ("maxItems", "array", 5, 6),
        ("minItems", "array", 2, 1),
        ("maxProperties", "object", 5, 6),
        ("minProperties", "object", 2, 1),
    ],
)
def test_a_limit_must_be_at_least_as_wide_as_the_writers(
    keyword: str, kind: str, tight: int, loose: int
) -> None:
    narrow, wide, free = (
        {"type": kind, keyword: tight},
        {"type": kind, keyword: loose},
        {"type": kind},
    )
    assert _rules(narrow, narrow) == []
    assert _rules(wide, narrow) == []
    assert _rules(free, narrow) == []
    assert _rules(narrow, wide) == [Rule.LIMIT]
    assert _rules(narrow, free) == [Rule.LIMIT]


@pytest.mark.parametrize(
    ("keyword", "one", "other"), [("pattern", "^a$", "^a"), ("format", "date", "uuid")]
)
def test_a_pattern_or_format_may_be_dropped_by_the_reader_but_not_differ(
    keyword: str, one: str, other: str
) -> None:
    said = {"type": "string", keyword: one}
    assert _rules(said, said) == []
    assert _rules(TEXT, said) == []
    assert _rules(said, TEXT) == [Rule.LIMIT]
    assert _rules(said, {"type": "string", keyword: other}) == [Rule.LIMIT]


def test_absence_must_mean_the_same_to_both() -> None:
    yes, no = {"type": "boolean", "default": True}, {"type": "boolean", "default": False}
    assert [each.rule for each in unreadable(_object(a=yes), _object(a=no))] == [Rule.DEFAULT]
    assert unreadable(_object(a=yes), _object(a=yes)) == []
    assert unreadable(_object(a=yes), _object(("a",), a={"type": "boolean"})) == []


def test_a_default_of_null_says_nothing() -> None:
    said, unsaid = _nullable(TEXT) | {"default": None}, _nullable(TEXT)
    assert unreadable(_object(a=said), _object(a=unsaid)) == []


def test_members_of_a_list_are_compared() -> None:
    texts, numbers = {"type": "array", "items": TEXT}, {"type": "array", "items": WHOLE}
    assert _rules(texts, texts) == []
    assert _rules({"type": "array"}, texts) == []
    found = unreadable(_object(a=texts), _object(a=numbers))
    assert found == [Obstacle("/a/*", Rule.TYPE, "integer", "string")]


def test_members_of_a_map_are_compared() -> None:
    anything = {"type": "object", "additionalProperties": True}
    texts = {"type": "object", "additionalProperties": TEXT}
    nothing = {"type": "object", "additionalProperties": False}
    assert _rules(anything, texts) == []
    assert _rules(texts, texts) == []
    assert _rules(texts, nothing) == []
    assert _rules(texts, anything) == [Rule.TYPE]
    assert _rules(nothing, texts) == [Rule.TYPE]
    assert _rules(texts, {"type": "object", "additionalProperties": WHOLE}) == [Rule.TYPE]


def test_references_are_followed_into_their_own_document() -> None:
    def document(limit: int) -> dict[str, Any]:
        part = {"type": "string", "maxLength": limit}
        return {**_object(("a",), a={"$ref": "#/$defs/Part"}), "$defs": {"Part": part}}

    assert unreadable(document(6), document(5)) == []
    found = unreadable(document(5), document(6))
    assert found == [Obstacle("/a", Rule.LIMIT, "maxLength 6", "maxLength 5")]


def test_what_stands_beside_a_reference_counts() -> None:
    def document(default: str) -> dict[str, Any]:
        return {**_object(a={"$ref": "#/$defs/P", "default": default}), "$defs": {"P": TEXT}}

    assert [each.rule for each in unreadable(document("x"), document("y"))] == [Rule.DEFAULT]


def test_a_schema_that_refers_to_itself_is_compared_once() -> None:
    node = _object(next={"$ref": "#/$defs/Node"}, value=TEXT)
    tree = {**_object(root={"$ref": "#/$defs/Node"}), "$defs": {"Node": node}}
    assert unreadable(tree, tree) == []
    assert removed_fields(tree, tree) == []


def test_a_deep_field_is_named_by_its_path() -> None:
    def nested(field: dict[str, Any]) -> dict[str, Any]:
        return _object(a={"type": "array", "items": _object(b=_nullable(_object(c=field)))})

    assert [each.field for each in unreadable(nested(TEXT), nested(WHOLE))] == ["/a/*/b/c"]


def test_descriptions_titles_and_examples_are_no_obstacle() -> None:
    said = {"type": "string", "description": "…", "title": "A", "examples": ["x"], "$comment": "y"}
    assert _rules(said, TEXT) == []
    assert _rules(TEXT, said) == []


def test_a_keyword_that_nobody_here_knows_may_not_change() -> None:
    unique = {"type": "array", "uniqueItems": True}
    assert _rules(unique, unique) == []
    assert _rules(unique, {"type": "array"}) == [Rule.UNKNOWN]
    assert _rules({"type": "array"}, unique) == [Rule.UNKNOWN]


def test_a_field_that_disappears_is_named() -> None:
    assert removed_fields(_object(a=TEXT, b=TEXT), _object(a=TEXT, c=TEXT)) == ["/b"]
    assert removed_fields(_object(a=TEXT), _object(a=TEXT, c=TEXT)) == []


def test_a_field_that_disappears_deep_inside_is_named() -> None:
    def nested(**fields: Any) -> dict[str, Any]:
        return _object(a=_nullable({"type": "array", "items": _object(**fields)}))

    assert removed_fields(nested(b=TEXT, c=TEXT), nested(b=TEXT)) == ["/a/*/c"]
    assert removed_fields(nested(b=TEXT), nested(b=TEXT, c=TEXT)) == []
