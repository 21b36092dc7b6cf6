"""A mapping made ready for one file: which cell of a line goes where, checked before any row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.importing.fields import Columns, FieldPlan, field_plan, order_plan
from shared.importing.gathering import Cells
from shared.importing.kinds import EventKind, ImportKind
from shared.importing.mapping import Condition, EventRule, InvalidMapping, SetAside
from shared.importing.mapping import Mapping as ImportMapping
from shared.importing.problems import Reason, from_validation, from_value_error
from shared.importing.readings import Site, nested, path_of, type_at
from shared.importing.sources import Source


@dataclass(frozen=True, slots=True)
class Test:
    """A condition of the mapping on a cell of a line."""

    position: int
    condition: Condition

    def holds(self, cells: Cells) -> bool:
        """Whether the line passes."""
        return self.condition.holds(cells[self.position])


@dataclass(frozen=True, slots=True)
class EventPlan:
    """How lines become one event, or the row of a handler."""

    name: str
    model: type[BaseModel]
    when: tuple[Test, ...]
    fields: tuple[FieldPlan, ...]
    columns: dict[str, str]

    def applies(self, cells: Cells) -> bool:
        """Whether the (first) line becomes this event."""
        return all(test.holds(cells) for test in self.when)

    def start(self, cells: Cells) -> list[Any] | Reason:
        """What is kept of each field after the first line of a group."""
        return self._each(lambda f, _: f.gathering.start(cells), [None] * len(self.fields))

    def add(self, kept: list[Any], cells: Cells, *, is_first: bool) -> list[Any] | Reason:
        """What is kept after one more line; `is_first` if it precedes the others in order."""
        if is_first:
            return self._each(lambda f, had: f.gathering.replace(had, cells), kept)
        return self._each(lambda f, had: f.gathering.add(had, cells), kept)

    def build(self, kept: list[Any]) -> BaseModel | list[Reason]:
        """The event, or everything that is wrong with it."""
        values = self._each(lambda f, had: f.gathering.value(had), kept)
        if isinstance(values, Reason):
            return [values]
        filled = {
            f.path: value
            for f, value in zip(self.fields, values, strict=True)
            if value is not None and value != []
        }
        try:
            return self.model.model_validate(nested(filled))
        except ValidationError as error:
            return from_validation(error, self.columns)

    def _each(self, do: Callable[[FieldPlan, Any], Any], kept: Sequence[Any]) -> list[Any] | Reason:
        done = []
        for plan, had in zip(self.fields, kept, strict=True):
            try:
                done.append(do(plan, had))
            except ValueError as error:
                return from_value_error(error, plan.column, plan.name)
        return done


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is done to the lines of one file."""

    set_aside: tuple[tuple[Test, str], ...]
    group_by: tuple[int, ...]
    order: FieldPlan | None
    events: tuple[EventPlan, ...]
    width: int
    extra: tuple[BaseModel, ...] = ()


def make_plan(kind: ImportKind, mapping: ImportMapping, source: Source, site: Site) -> Plan:
    """Check `mapping` against the kind's events and the file's columns, and compile it.

    Raises InvalidMapping for a field that the event does not have and for columns that the file
    does not have, all of them at once.
    """
    if mapping.kind != kind.name:
        raise InvalidMapping(
            f"映射文件属于 {mapping.kind}，不是 {kind.name}",
            f"the mapping is for {mapping.kind}, not for {kind.name}",
        )
    columns = Columns(source)
    rules = _event_rules(kind, mapping)
    events = tuple(_event(name, model, rule, columns, site) for name, model, rule in rules)
    plan = Plan(
        set_aside=tuple((_test(each, columns), each.reason) for each in mapping.set_aside),
        group_by=tuple(columns.position(name) for name in mapping.group_by),
        order=order_plan(mapping.first_by, columns, site),
        events=events,
        width=len(source.columns),
        extra=tuple(_extra(events[0].model, row) for row in mapping.extra_rows),
    )
    columns.demand_all()
    if mapping.totals_by is not None:
        for event in events:
            type_at(event.model, mapping.totals_by)
    return plan


def _event_rules(
    kind: ImportKind, mapping: ImportMapping
) -> list[tuple[str, type[BaseModel], EventRule]]:
    models: dict[str, type[BaseModel]] = (
        {event.event_name: event for event in kind.events}
        if isinstance(kind, EventKind)
        else {kind.name: kind.row}
    )
    if mapping.fields:
        if len(models) != 1:
            raise InvalidMapping(
                f"{kind.name} 须在 events 下分别写 {'、'.join(models)}",
                f"{kind.name} needs events: with {', '.join(models)}",
            )
        return [(*next(iter(models.items())), EventRule(fields=mapping.fields))]
    unknown = mapping.events.keys() - models.keys()
    if unknown:
        raise InvalidMapping(
            f"{kind.name} 没有事件 {'、'.join(sorted(unknown))}",
            f"{kind.name} has no event {', '.join(sorted(unknown))}",
        )
    return [(name, models[name], rule) for name, rule in mapping.events.items()]


def _event(
    name: str, model: type[BaseModel], rule: EventRule, columns: Columns, site: Site
) -> EventPlan:
    fields = tuple(field_plan(model, path, one, columns, site) for path, one in rule.fields.items())
    return EventPlan(
        name=name,
        model=model,
        when=tuple(_test(condition, columns) for condition in rule.when),
        fields=fields,
        columns={field.name: field.column for field in fields if field.column},
    )


def _test(condition: Condition | SetAside, columns: Columns) -> Test:
    return Test(columns.position(condition.column), condition)


def _extra(model: type[BaseModel], row: Mapping[str, Any]) -> BaseModel:
    try:
        return model.model_validate(nested({path_of(name): value for name, value in row.items()}))
    except ValidationError as error:
        reason = from_validation(error, {})[0]
        raise InvalidMapping(
            f"extra_rows：{reason.chinese}", f"extra_rows: {reason.english}"
        ) from error
