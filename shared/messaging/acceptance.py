"""What every fact from outside must satisfy before a handler sees it, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from shared.contracts.envelope import Enterprise, Event, MoneyAmount
from shared.errors import Refusal
from shared.messaging.cloudevents import Fact
from shared.moments import InTheFuture

_TOLERANCE = timedelta(days=1)
_HAPPENED = frozenset(
    {
        "cancelled_on",
        "closed_at",
        "ended_at",
        "issued_on",
        "occurred_at",
        "occurred_on",
        "opened_on",
        "received_on",
        "reported_on",
        "started_at",
    }
)
"""Fields that say when something happened; due and effective dates may lie ahead."""


class ForeignCurrency(Refusal):
    """Money in another currency than the site's."""

    code = "foreign-currency"
    title_zh = "币种不符"
    title_en = "Foreign currency"


def objection(fact: Fact[Event], currency: str, zone: ZoneInfo) -> Refusal | None:
    """Why `fact` cannot be taken by anybody, or None.

    A date lies in the future when it is later than the fact's own `time` (at the site) plus a
    day: our clock has no say in it, so a replay decides the same.
    """
    if not isinstance(fact.data, Enterprise):
        return None
    for path, money in _money(fact.data):
        if money.currency != currency:
            return ForeignCurrency(
                f"{path} 的币种是 {money.currency}, 本站只接受 {currency}",
                f"{path} is in {money.currency}; this site accepts {currency} only",
                pointer=path,
            )
    for name in _happened(type(fact.data)):
        value = getattr(fact.data, name)
        if value is not None and _later(value, fact.time + _TOLERANCE, zone):
            return InTheFuture(
                f"{name} 为 {value}, 晚于事件时间 {fact.time.isoformat()} 一天以上",
                f"{name} is {value}, more than a day after the event's time"
                f" {fact.time.isoformat()}",
                pointer=f"/data/{name}",
            )
    return None


def _later(value: date | datetime, limit: datetime, zone: ZoneInfo) -> bool:
    if isinstance(value, datetime):
        return value > limit
    return value > limit.astimezone(zone).date()


@cache
def _happened(event: type[Event]) -> tuple[str, ...]:
    return tuple(sorted(_HAPPENED & event.model_fields.keys()))


def _money(part: BaseModel, path: str = "/data") -> Iterator[tuple[str, MoneyAmount]]:
    for name, repeated in _parts_with_money(type(part)):
        value = getattr(part, name)
        values = enumerate(value) if repeated and value is not None else [(None, value)]
        for index, item in values:
            at = f"{path}/{name}" if index is None else f"{path}/{name}/{index}"
            if isinstance(item, MoneyAmount):
                yield at, item
            elif isinstance(item, BaseModel):
                yield from _money(item, at)


@cache
def _parts_with_money(model: type[BaseModel]) -> tuple[tuple[str, bool], ...]:
    """Which fields hold money or a part that does, and whether they hold several."""
    found = []
    for name, info in model.model_fields.items():
        for kind in _models_in(info.annotation):
            if issubclass(kind, MoneyAmount) or _parts_with_money(kind):
                found.append((name, _is_repeated(info.annotation)))
    return tuple(found)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _is_repeated(annotation: Any) -> bool:
    origin = getattr(annotation, "__origin__", None)
    return origin in (list, tuple) or any(_is_repeated(a) for a in get_args(annotation))
