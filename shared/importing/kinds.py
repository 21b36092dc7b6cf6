"""What a service can import: one table in services/<name>/imports.py.

IMPORTS = kinds(
    events("revenue", RevenueRecorded),                        sent to the bus like any system's
    events("complaints", ComplaintRaised, ComplaintClosed),    a row may become both
    rows("units", UnitRow, establish_unit.from_row),           goes through our own handler
)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.envelope import Enterprise
from shared.contracts.values import Ref

if TYPE_CHECKING:
    from shared.importing.previews import Look
    from shared.work import Work


class ImportedRow(BaseModel):
    """The form of a row that a handler takes. `ref` tells rows apart: the unit's code, a number.

    Subclass it with the fields of the kind. The same ref with the same content is taken once,
    however often the file comes; with other content the handler is called again, and may refuse.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: Ref


R = TypeVar("R", bound=ImportedRow)


@dataclass(frozen=True, slots=True)
class EventKind:
    """Rows that become events of other systems; the import publishes them like any system."""

    name: str
    events: tuple[type[Enterprise], ...]
    preview: Callable[[], Look] | None = None
    """Makes what looks at the events of one import before they are sent."""


@dataclass(frozen=True, slots=True)
class RowKind(Generic[R]):
    """Rows that go through a handler of the service, each in a savepoint of its own.

    The handler raises a Refusal for a row that may not be; the other rows go on.
    """

    name: str
    row: type[R]
    handler: Callable[[Work, R], Awaitable[None]]


ImportKind = EventKind | RowKind[Any]


def events(
    name: str, *classes: type[Enterprise], preview: Callable[[], Look] | None = None
) -> EventKind:
    """Kind `name` (`import revenue FILE`), each row of which becomes one or more of `classes`.

    With `preview` the service is asked about every batch first; the import then needs its database.
    """
    return EventKind(name, classes, preview)


def rows(name: str, row: type[R], handler: Callable[[Work, R], Awaitable[None]]) -> RowKind[R]:
    """Kind `name`, each row of which is a `row` that `handler` takes."""
    return RowKind(name, row, handler)


def kinds(*listed: ImportKind) -> Mapping[str, ImportKind]:
    """The import table of a service, by name."""
    table = {kind.name: kind for kind in listed}
    if len(table) != len(listed):
        raise ValueError(f"an import kind is listed twice: {[kind.name for kind in listed]}")
    return table
