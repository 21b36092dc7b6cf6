"""A planted change of a real class: refused or let pass, with event and field in two languages."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel, Field, create_model

from shared.contracts.publication.changes import Breach, breaches

OURS = "dakehu.billing.planted.v1"
THEIRS = "enterprise.planted.v1"


class Two(StrEnum):
    A = "a"
    B = "b"


class Three(StrEnum):
    A = "a"
    B = "b"
    C = "c"


def _schema(**fields: Any) -> dict[str, Any]:
    planted: type[BaseModel] = create_model("Planted", **fields)
    return planted.model_json_schema()


def _changed(event: str, before: Any, after: Any) -> list[Breach]:
    return breaches(event, _schema(field=before), _schema(field=after))


BREAKING_FOR_BOTH = {
    "optional became required": ((str | None, None), (str | None, ...)),
    "type changed": ((str, ...), (int, ...)),
    "null no longer allowed": ((str | None, None), (str, "")),
    "value removed": ((Three, ...), (Two, ...)),
    "longest text shorter": ((str, Field(max_length=64)), (str, Field(max_length=63))),
    "pattern added": ((str, ...), (str, Field(pattern="^a"))),
    "pattern changed": ((str, Field(pattern="^a")), (str, Field(pattern="^ab"))),
    "least number greater": ((int, Field(ge=0)), (int, Field(ge=1))),
    "at least one demanded": ((list[int], ...), (list[int], Field(min_length=1))),
    "default changed": ((bool, False), (bool, True)),
    "members narrowed": ((list[int | str], ...), (list[int], ...)),
}
BREAKING_FOR_OURS_ONLY = {
    "required became optional": ((str, ...), (str, "")),
    "null allowed": ((str, ...), (str | None, ...)),
    "value added": ((Two, ...), (Three, ...)),
    "longest text longer": ((str, Field(max_length=64)), (str, Field(max_length=65))),
    "pattern dropped": ((str, Field(pattern="^a")), (str, ...)),
    "least number smaller": ((int, Field(ge=1)), (int, Field(ge=0))),
    "type widened": ((int, ...), (int | str, ...)),
}


@pytest.mark.parametrize("event", [OURS, THEIRS])
@pytest.mark.parametrize("change", BREAKING_FOR_BOTH.values(), ids=BREAKING_FOR_BOTH)
def test_what_older_messages_would_fail_is_refused_for_everybody(event: str, change: Any) -> None:
    found = _changed(event, *change)
    assert found
    assert {breach.event for breach in found} == {event}
    assert all(breach.field.startswith("/field") for breach in found)


@pytest.mark.parametrize("change", BREAKING_FOR_OURS_ONLY.values(), ids=BREAKING_FOR_OURS_ONLY)
def test_what_older_consumers_would_fail_is_refused_where_we_are_the_sender(change: Any) -> None:
    assert _changed(OURS, *change)
    assert _changed(THEIRS, *change) == []


@pytest.mark.parametrize("event", [OURS, THEIRS])
def test_a_new_optional_field_is_additive(event: str) -> None:
    before, after = _schema(old=(str, ...)), _schema(old=(str, ...), new=(str | None, None))
    assert breaches(event, before, after) == []


@pytest.mark.parametrize("event", [OURS, THEIRS])
def test_a_new_required_field_is_refused(event: str) -> None:
    [breach] = breaches(event, _schema(old=(str, ...)), _schema(old=(str, ...), new=(str, ...)))
    assert breach.field == "/new"


@pytest.mark.parametrize("event", [OURS, THEIRS])
@pytest.mark.parametrize("field", [(str, ...), (str | None, None)], ids=["required", "optional"])
def test_a_field_that_is_removed_is_refused_once(event: str, field: Any) -> None:
    [breach] = breaches(event, _schema(kept=(str, ...), gone=field), _schema(kept=(str, ...)))
    assert (breach.field, breach.zh, breach.en) == ("/gone", "被删除", "was removed")


def test_a_description_may_always_change() -> None:
    before, after = (str, Field(description="old")), (str, Field(description="new"))
    assert _changed(OURS, before, after) == []


def test_a_breach_names_event_and_field_in_chinese_and_english() -> None:
    [breach] = _changed(THEIRS, (str, Field(max_length=64)), (str, Field(max_length=63)))
    assert str(breach) == (
        "enterprise.planted.v1 /field\n"
        "  字段限制收紧：由 maxLength 64 改为 maxLength 63\n"
        "  the field has a tighter limit: maxLength 64 became maxLength 63"
    )
