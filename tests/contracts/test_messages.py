"""Every message ever published can still be read, and says everything its schema knows."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from shared.contracts import catalogue
from shared.contracts.envelope import Enterprise, Event
from shared.contracts.publication.files import PUBLISHED
from shared.messaging.cloudevents import CONTENT_TYPE, Fact, Message, Undecodable, decode

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = sorted((Path(__file__).parent / "messages").glob("*.json"))
Content = dict[str, Any]

every_message = pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.stem)


def _content(file: Path) -> Content:
    content: Content = json.loads(file.read_text(encoding="utf-8"))
    return content


def _decoded(content: Mapping[str, Any]) -> Fact[Event]:
    kind = content["type"]
    event = catalogue.by_type(kind)
    assert event is not None
    system = content["source"].strip("/")
    subject = kind.replace(".", f".{system}.", 1) if issubclass(event, Enterprise) else kind
    body = json.dumps(content, ensure_ascii=False).encode()
    return decode(Message(subject, {"content-type": CONTENT_TYPE}, body))


def _published_schema(content: Mapping[str, Any]) -> Content:
    return _content(ROOT / PUBLISHED / f"{content['type']}.json")


def test_every_event_has_a_message() -> None:
    shown = {file.stem for file in MESSAGES}
    assert {catalogue.subject_of(event) for event in catalogue.all_events()} <= shown


def test_every_published_schema_has_a_class_and_every_class_a_published_schema() -> None:
    on_file = {file.name.removesuffix(".json") for file in (ROOT / PUBLISHED).glob("*.json")}
    assert {catalogue.subject_of(event) for event in catalogue.all_events()} == on_file


@every_message
def test_a_message_is_named_after_its_type(file: Path) -> None:
    kind = _content(file)["type"]
    assert file.stem == kind or file.stem.startswith(f"{kind}.before-")


@every_message
def test_a_message_is_still_read_by_its_class(file: Path) -> None:
    content = _content(file)
    fact = _decoded(content)
    assert type(fact.data) is catalogue.by_type(content["type"])
    assert fact.customer_key is None or str(fact.customer_key) == content["subject"]


@every_message
def test_a_message_holds_against_its_published_schema(file: Path) -> None:
    content = _content(file)
    schema = jsonschema_rs.validator_for(_published_schema(content), validate_formats=True)
    assert [error.message for error in schema.iter_errors(content["data"])] == []


@every_message
def test_what_is_read_is_written_again_just_the_same(file: Path) -> None:
    content = _content(file)
    written = json.loads(_decoded(content).data.model_dump_json(exclude_unset=True))
    assert written == content["data"]


@pytest.mark.parametrize("event", catalogue.all_events(), ids=catalogue.subject_of)
def test_the_message_of_an_event_shows_every_field(event: type[Event]) -> None:
    content = _content(Path(__file__).parent / "messages" / f"{catalogue.subject_of(event)}.json")
    schema = _published_schema(content)
    unshown = set(_unshown(schema, schema, [content["data"]], ""))
    if "customer_key" not in schema["required"]:
        unshown.discard("/customer_key")  # such a fact may be about no customer at all
    assert unshown == set()


def _unshown(root: Content, schema: Content, shown: list[Any], at: str) -> Iterator[str]:
    """Fields below `schema` that none of the values in `shown` has."""
    schema = {**root["$defs"][schema["$ref"][8:]], **schema} if "$ref" in schema else schema
    if "properties" not in schema and "anyOf" in schema:
        for option in schema["anyOf"]:
            yield from _unshown(root, option, shown, at)
    elif "items" in schema:
        members = [member for value in shown if value for member in value]
        yield from [] if members else [at]
        yield from _unshown(root, schema["items"], members, f"{at}/*")
    for name, field in schema.get("properties", {}).items():
        values = [value[name] for value in shown if name in value]
        if values:
            yield from _unshown(root, field, values, f"{at}/{name}")
        elif "anyOf" not in schema:  # of alternatives one is enough
            yield f"{at}/{name}"


@every_message
def test_fields_that_a_later_minor_version_adds_are_ignored(file: Path) -> None:
    content = _content(file)
    later = copy.deepcopy(content)
    for part in list(_parts(later["data"])):
        part["added_later"] = {"with": [1, "members"]}
    later["addedlater"] = "an extension attribute"
    assert _decoded(later).data == _decoded(content).data
    assert _decoded(later).digest == _decoded(content).digest


def _parts(data: Any) -> Iterator[Content]:
    """Every object of `data`; what a decision saw is a plain map, not a part."""
    if isinstance(data, list):
        for each in data:
            yield from _parts(each)
    if isinstance(data, dict):
        yield data
        for name, value in list(data.items()):
            if name != "inputs":
                yield from _parts(value)


def _money(data: Content) -> list[Content]:
    return [part for part in _parts(data) if part.keys() == {"amount", "currency"}]


WITH_MONEY = [file for file in MESSAGES if _money(_content(file)["data"])]


@pytest.mark.parametrize("file", WITH_MONEY, ids=lambda file: file.stem)
@pytest.mark.parametrize("wrong", [123.45, 123, "123.456", "1e2", None])
def test_money_that_is_no_string_of_two_decimals_is_refused(file: Path, wrong: object) -> None:
    content = _content(file)
    schema = jsonschema_rs.validator_for(_published_schema(content))
    for index in range(len(_money(content["data"]))):
        planted = copy.deepcopy(content)
        _money(planted["data"])[index]["amount"] = wrong
        with pytest.raises(Undecodable):
            _decoded(planted)
        assert not schema.is_valid(planted["data"])


@every_message
def test_a_required_field_that_is_missing_is_refused_and_named(file: Path) -> None:
    content = _content(file)
    for name in _published_schema(content)["required"]:
        planted = copy.deepcopy(content)
        del planted["data"][name]
        with pytest.raises(Undecodable) as refused:
            _decoded(planted)
        assert refused.value.pointer == f"/data/{name}"
