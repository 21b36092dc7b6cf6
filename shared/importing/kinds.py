"""What a service can import: one table in services/<name>/imports.py.

IMPORTS = kinds(
    events("revenue", RevenueRecorded),                        sent to the bus like any system's
    events("complaints", ComplaintRaised, ComplaintClosed),    a row may become both
    rows("units", UnitRow, establish_unit.from_row),           goes through our own handler
    portions("contracts", ContractRow, take_contracts.handle), by hundreds at once
)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.envelope import Enterprise
from shared.contracts.values import Ref
from shared.errors import Refusal

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
Handler = Callable[["Work", Sequence[R]], Awaitable[Mapping[str, Refusal]]]
"""Takes rows; returns the refusals by `ref`, and has kept nothing of those rows."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """Rows that become events of other systems; the import publishes them like any system."""

    name: str
    events: tuple[type[Enterprise], ...]
    preview: Callable[[], Look] | None = None
    """Makes what looks at the events of one import before they are sent."""


@dataclass(frozen=True, slots=True)
class RowKind(Generic[R]):
    """Rows that go through a handler of the service, a portion of the file in one transaction.

    The handler returns the refusals by `ref`, and keeps nothing of those rows; the others go in.
    """

    name: str
    row: type[R]
    handler: Handler[R]


ImportKind = EventKind | RowKind[Any]


def events(
    name: str, *classes: type[Enterprise], preview: Callable[[], Look] | None = None
) -> EventKind:
    """Kind `name` (`import revenue FILE`), each row of which becomes one or more of `classes`.

    With `preview` the service is asked about every batch first; the import then needs its database.
    """
    return EventKind(name, classes, preview)


def rows(name: str, row: type[R], handler: Callable[[Work, R], Awaitable[None]]) -> RowKind[R]:
    """Kind `name`, each row of which is a `row` that `handler` takes in a savepoint of its own.

    The handler raises a Refusal for a row that may not be.
    """

    async def alone(work: Work, portion: Sequence[R]) -> Mapping[str, Refusal]:
        for each in portion:
            await handler(work, each)
        return {}

    async def one_by_one(work: Work, portion: Sequence[R]) -> Mapping[str, Refusal]:
        return await _each(work, alone, portion)

    return RowKind(name, row, one_by_one)


def portions(name: str, row: type[R], handler: Handler[R]) -> RowKind[R]:
    """Kind `name`, whose rows come by thousands: `handler` takes some hundreds of `row` at once.

    It loads what they all depend on, decides about each and saves them together. What it refuses
    only then is found by running the rows of the portion one by one.
    """

    async def together(work: Work, portion: Sequence[R]) -> Mapping[str, Refusal]:
        try:
            async with work.savepoint():
                return await handler(work, portion)
        except Refusal:
            return await _each(work, handler, portion)

    return RowKind(name, row, together)


async def _each(work: Work, handler: Handler[R], portion: Sequence[R]) -> dict[str, Refusal]:
    """Every row in a savepoint of its own."""
    refused = dict[str, Refusal]()
    for row in portion:
        try:
            async with work.savepoint():
                refused |= await handler(work, [row])
        except Refusal as refusal:
            refused[row.ref] = refusal
    return refused


def kinds(*listed: ImportKind) -> Mapping[str, ImportKind]:
    """The import table of a service, by name."""
    table = {kind.name: kind for kind in listed}
    if len(table) != len(listed):
        raise ValueError(f"an import kind is listed twice: {[kind.name for kind in listed]}")
    return table
