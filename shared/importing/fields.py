"""One field of one event: from the cells of a line to a value, as the mapping says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path as FilePath

from pydantic import BaseModel

from shared.importing.calculation import calculation
from shared.importing.gathering import Cells, Constant, Extreme, First, Gathering, Same, Sum, Text
from shared.importing.mapping import FieldRule, InvalidMapping, Lookup
from shared.importing.readings import Path, Read, Site, calculated, path_of, reading, type_at
from shared.importing.sources import Source, open_source
from shared.importing.templates import template_text


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One field of one event."""

    name: str
    path: Path
    column: str
    """The column to blame; "" for a constant."""
    gathering: Gathering


class Columns:
    """Where columns stand; remembers what is missing, so that a person is told once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._missing: list[str] = []

    def position(self, name: str) -> int:
        """Where the column stands; a missing one is remembered and stands nowhere."""
        if name in self.source.columns:
            return self.source.columns.index(name)
        if name not in self._missing:
            self._missing.append(name)
        return 0

    def demand_all(self) -> None:
        """Raise InvalidMapping if a column was missing, naming all of them."""
        if self._missing:
            raise InvalidMapping(
                f"文件缺少列：{'、'.join(self._missing)}；现有列：{'、'.join(self.source.columns)}",
                f"the file lacks the columns {', '.join(self._missing)};"
                f" it has {', '.join(self.source.columns)}",
                missing=self._missing,
            )


def field_plan(
    model: type[BaseModel], name: str, rule: FieldRule, columns: Columns, site: Site
) -> FieldPlan:
    """The plan of the field `name` of `model`; raises InvalidMapping if it has no such field."""
    kind = type_at(model, name)
    gathering: Gathering
    if rule.constant is not None:
        return FieldPlan(name, path_of(name), "", Constant(_constant(name, kind, rule, site)))
    if rule.calculate is not None:
        formula = calculation(rule.calculate)
        finish = partial(calculated, kind, site=site)
        gathering = Sum(formula.compile(columns.position), finish)
        return FieldPlan(name, path_of(name), " ".join(formula.columns), gathering)
    text_of, blamed = _text(rule, columns)
    gather = _OF_GROUP[rule.of_group]
    return FieldPlan(name, path_of(name), blamed, gather(text_of, reading(kind, rule, site)))


def _constant(name: str, kind: object, rule: FieldRule, site: Site) -> object:
    if not isinstance(rule.constant, str):
        return rule.constant
    try:
        return reading(kind, rule, site)(rule.constant)
    except ValueError as error:
        chinese, _, english = str(error).partition(" / ")
        raise InvalidMapping(f"{name}：{chinese}", f"{name}: {english}") from error


_OF_GROUP: dict[str, Callable[[Text, Read], Gathering]] = {
    "same": Same,
    "first": First,
    "min": partial(Extreme, choose=min),
    "max": partial(Extreme, choose=max),
}


def _text(rule: FieldRule, columns: Columns) -> tuple[Text, str]:
    """How a line's text for a field is found, and which column is to blame for it."""
    if rule.column is not None:
        raw: Text = itemgetter(columns.position(rule.column))
        blamed = rule.column
    else:
        assert rule.template is not None
        raw, named = template_text(rule.template, columns.position)
        blamed = " ".join(named)
    found = _lookup(rule.lookup, columns.source.path.parent) if rule.lookup else None
    return partial(_refined, raw, rule, found), blamed


def _refined(raw: Text, rule: FieldRule, found: Mapping[str, str] | None, cells: Cells) -> str:
    text = raw(cells)
    if rule.strip_suffix:
        text = text.removesuffix(rule.strip_suffix)
    if text and rule.only_values and text not in rule.values:
        raise ValueError(f"{text!r} 不在允许的取值中 / {text!r} is not one of the values")
    text = rule.values.get(text, text)
    if text and found is not None:
        if text not in found:
            raise ValueError(f"查找表中没有 {text!r} / {text!r} is not in the lookup file")
        text = found[text]
    return text or rule.if_empty or ""


def _lookup(lookup: Lookup, folder: FilePath) -> Mapping[str, str]:
    source = open_source(folder / lookup.file)
    columns = Columns(source)
    key, gives = columns.position(lookup.key), columns.position(lookup.gives)
    columns.demand_all()
    found = ((line.cells[key], line.cells[gives]) for line in source.lines())
    return {asked: lookup.values.get(given, given) for asked, given in found}


def order_plan(rule: FieldRule | None, columns: Columns, site: Site) -> FieldPlan | None:
    """By which date the lines of a group are put in order; None: as they stand in the file."""
    if rule is None:
        return None
    text, blamed = _text(rule, columns)
    return FieldPlan("first_by", (), blamed, First(text, reading(datetime, rule, site)))
