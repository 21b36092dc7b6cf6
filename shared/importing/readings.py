"""How the text of a cell becomes the value of one of our fields, by the field's own type."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel

from shared.contracts.envelope import MoneyAmount
from shared.importing.mapping import FieldRule, InvalidMapping
from shared.money import to_cents

Path = tuple[str | int, ...]
"""Where a field stands: ("customer", "code"), ("managers", 0, "staff_code")."""

Read = Callable[[str], object]
"""From a cell's text to a value that the event's own validation takes; raises ValueError."""

_YES = frozenset({"yes", "y", "true", "1", "是"})
_NO = frozenset({"no", "n", "false", "0", "否"})


@dataclass(frozen=True, slots=True)
class Site:
    """What the file leaves unsaid: the currency of money, the zone of moments without an offset."""

    currency: str
    zone: ZoneInfo


def path_of(dotted: str) -> Path:
    """The path that a mapping writes as `customer.code` or `managers.0.staff_code`."""
    return tuple(int(part) if part.isdigit() else part for part in dotted.split("."))


def type_at(model: type[BaseModel], dotted: str) -> Any:
    """The type of the field of `model` at the path; raises InvalidMapping if there is none."""
    here: Any = model
    for part in path_of(dotted):
        if isinstance(part, int):
            here = _bare(get_args(here)[0]) if get_origin(here) in (tuple, list) else None
        elif isinstance(here, type) and issubclass(here, BaseModel) and part in here.model_fields:
            here = _bare(here.model_fields[part].annotation)
        else:
            here = None
        if here is None:
            raise InvalidMapping(
                f"{model.__name__} 没有字段 {dotted}", f"{model.__name__} has no field {dotted}"
            )
    return here


def reading(kind: Any, rule: FieldRule, site: Site) -> Read:
    """How a text is read for a field of type `kind`.

    Money gets the site's currency, moments its zone; what is neither money, date, moment, truth
    value nor list is left to the event's validation as the text it is.
    """
    if get_origin(kind) in (tuple, list, frozenset, set):
        item = reading(_bare(get_args(kind)[0]), rule, site)
        divider = re.compile(re.escape(rule.split) if rule.split else "[,;、，；]")
        return lambda text: [item(part.strip()) for part in divider.split(text) if part.strip()]
    if kind is MoneyAmount:
        return lambda text: {"amount": text, "currency": site.currency}
    if kind is bool:
        return _truth
    if kind in (datetime, AwareDatetime):
        return lru_cache(maxsize=4096)(lambda text: _moment(text, rule.format, site.zone))
    if kind is date:
        return lru_cache(maxsize=4096)(lambda text: _day(text, rule.format))
    return lambda text: text


def calculated(kind: Any, exact: Decimal, site: Site) -> object:
    """The value of a calculated field: money is rounded to cents, half up, once."""
    if kind is MoneyAmount:
        return {"amount": to_cents(exact), "currency": site.currency}
    return exact


def nested(values: Mapping[Path, object]) -> dict[str, Any]:
    """Values by path as the nested data of an event; numbered parts become lists, in order."""
    tree: dict[Any, Any] = {}
    for path, value in values.items():
        here = tree
        for part in path[:-1]:
            here = here.setdefault(part, {})
        here[path[-1]] = value
    return {name: _listed(value) for name, value in tree.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(key, int) for key in value):
        return [_listed(value[key]) for key in sorted(value)]
    return {key: _listed(inner) for key, inner in value.items()}


def _bare(annotation: Any) -> Any:
    """A type without its constraints and without None."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            others: Sequence[Any] = [a for a in get_args(annotation) if a is not type(None)]
            annotation = others[0]
        else:
            return annotation


def _truth(text: str) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{text!r} 不是 是/否 / {text!r} is neither yes nor no")


def _moment(text: str, form: str | None, zone: ZoneInfo) -> datetime:
    moment = _parsed(text, form)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _day(text: str, form: str | None) -> date:
    moment = _parsed(text, form)
    if form is None and (moment.hour, moment.minute, moment.second) != (0, 0, 0):
        raise ValueError(f"{text!r} 不是日期 / {text!r} is a moment, not a date; give its format")
    return moment.date()


def _parsed(text: str, form: str | None) -> datetime:
    """By `form`, else as ISO 8601, which is what a date cell of a workbook gives."""
    if form is not None:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  # the zone is added by the caller
        except ValueError:
            pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        expected = form or "2026-03-01"
        raise ValueError(
            f"{text!r} 不是 {expected} 形式的日期 / {text!r} is no date like {expected}"
        ) from None
