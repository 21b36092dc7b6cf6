"""Dates and instants come in as they are written, wherever a route takes them."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from typing import Annotated, Any

import pytest
from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from shared.http.as_written import signature


class Line(BaseModel):
    """A part of a body."""

    at: datetime | None = None


class Order(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid")

    on: date = Field(description="the day")
    by: dict[str, date] = {}
    lines: list[Line] = []
    name: str = ""

    @field_validator("name")
    @classmethod
    def _is_short(cls, value: str) -> str:
        assert len(value) < 5
        return value


async def take(body: Order, on: Annotated[date | None, Query()] = None, size: int = 1) -> Line:
    return body.lines[0]


def _reads(name: str, value: Any) -> Any:
    annotation = signature(take).parameters[name].annotation
    return TypeAdapter(annotation).validate_python(value)


@pytest.mark.parametrize("value", [0, 86400, 0.0, "0", "86400", "2026-3-1", "01.03.2026"])
def test_a_number_is_no_date(value: object) -> None:
    for name, body in (("on", value), ("body", {"on": value}), ("body", {"by": {"x": value}})):
        with pytest.raises(ValidationError):
            _reads(name, body)


@pytest.mark.parametrize("value", [0, "0.5", "2026-03-01", "2026-03-01T09:00:00"])
def test_an_instant_is_written_with_its_offset(value: object) -> None:
    with pytest.raises(ValidationError):
        _reads("body", {"on": "2026-03-01", "lines": [{"at": value}]})


def test_what_is_written_well_arrives_as_what_the_endpoint_asked_for() -> None:
    body = _reads(
        "body",
        {"on": "2026-03-01", "by": {"x": "2026-03-02"}, "lines": [{"at": "2026-03-01T09:00:00Z"}]},
    )
    assert isinstance(body, Order)
    assert body.on == date(2026, 3, 1)
    assert isinstance(body.lines[0], Line)
    assert _reads("on", None) is None


def test_everything_else_about_the_model_stays() -> None:
    annotation = signature(take).parameters["body"].annotation
    assert annotation.__name__ == "Order"
    assert annotation.model_json_schema() == Order.model_json_schema()
    for wrong in ({"on": "2026-03-01", "colour": 1}, {"on": "2026-03-01", "name": "too long"}):
        with pytest.raises(ValidationError):
            _reads("body", wrong)


def test_what_holds_no_date_is_left_alone() -> None:
    assert (
        signature(take).parameters["size"]
        == inspect.signature(take, eval_str=True).parameters["size"]
    )
