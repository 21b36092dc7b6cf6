"""A service of notes about customers: every kind of route that the kit offers, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import MetaData, RowMapping, column, select, table

from shared.contracts.engagement import FactRefused
from shared.contracts.envelope import Entity
from shared.contracts.values import Amount
from shared.directory import customers, grants, scope
from shared.errors import NotFound, Refusal
from shared.http import (
    Commanding,
    IfMatch,
    Keyset,
    Page,
    PageQuery,
    Reading,
    Router,
    require_version,
)
from shared.identifiers import new_id
from shared.messaging.consumers import Consumers
from shared.service import Service
from shared.settings import Settings
from shared.work import Work

router = Router(prefix="/v1/notes", tags=["notes"])
_ORDER = Keyset("written_on date", "note_id uuid", descending=True)


class NoteTooDear(Refusal):
    """No note is worth a million (N-01)."""

    code = "note-too-dear"
    rule = "N-01"
    title_zh = "笔记过贵"
    title_en = "Note too dear"


class WriteNote(BaseModel):
    """A note to be written."""

    model_config = ConfigDict(extra="forbid")

    customer_key: UUID
    text: str = Field(max_length=100_000)
    worth: Amount
    written_on: date


class ChangeNote(BaseModel):
    """What a note is to say from now on."""

    model_config = ConfigDict(extra="forbid")

    text: str


class Note(BaseModel):
    """A note as it is."""

    note_id: UUID
    customer_key: UUID
    text: str
    worth: Amount
    written_on: date
    version: int


def _note(row: RowMapping) -> Note:
    return Note(**row)


@router.post("", status_code=201, roles={"account_manager"})
async def write(body: WriteNote, work: Commanding) -> Note:
    """Write a note."""
    await customers.require_developed(work, body.customer_key)
    await scope.require(work, body.customer_key, "base")
    if body.worth >= 1_000_000:
        raise NoteTooDear("太贵", "too dear", pointer="/worth", limit=1_000_000)
    row = await work.row(
        "INSERT INTO notes (note_id, customer_key, text, worth, written_on, version)"
        " VALUES (:id, :customer, :text, :worth, :on, 1) RETURNING *",
        id=new_id(),
        customer=body.customer_key,
        text=body.text,
        worth=body.worth,
        on=body.written_on,
    )
    assert row is not None
    return _note(row)


@router.get("")
async def listing(work: Reading, page: PageQuery, written_on: date | None = None) -> Page[Note]:
    """The notes that the caller may see."""
    return await page.read(
        work,
        "SELECT * FROM notes WHERE (CAST(:on AS date) IS NULL OR written_on = :on)"
        f" AND {grants.visible('base', 'notes.customer_key')}",
        _ORDER,
        _note,
        on=written_on,
    )


@router.get("/everything")
async def everything(work: Reading) -> list[Note]:
    """A query that forgot to ask who may see what."""
    return [_note(row) for row in await work.rows("SELECT * FROM notes ORDER BY note_id")]


@router.get("/everything-in-arrays")
async def everything_in_arrays(work: Reading) -> list[UUID]:
    """The same through the statement that takes arrays."""
    return [note_id for (note_id,) in await work.bulk("SELECT note_id FROM notes")]


@router.get("/everything-by-statement")
async def everything_by_statement(work: Reading) -> list[UUID]:
    """The same through SQLAlchemy, before and after a question in text."""
    notes = table("notes", column("note_id"))
    first = await work.rows(select(notes.c.note_id))
    again = await work.rows("SELECT note_id FROM notes")
    assert {row["note_id"] for row in first} == {row["note_id"] for row in again}
    return [row["note_id"] for row in first]


@router.get("/nothing")
async def nothing(work: Reading) -> str:
    """A read that asks nothing of the database."""
    return str(work.today)


@router.get("/broken")
async def broken(work: Reading) -> Note:
    """A route with a mistake in it."""
    raise RuntimeError("the password is 12345")


@router.get("/writing")
async def writing(work: Reading) -> list[Note]:
    """A read that tries to write."""
    await work.run("DELETE FROM notes")
    return []


@router.get("/{note_id}")
async def one(note_id: UUID, work: Reading) -> Note:
    """One note."""
    return await _find(work, note_id)


@router.put("/{note_id}", roles={"account_manager"})
async def change(
    note_id: UUID, body: ChangeNote, expected_version: IfMatch, work: Commanding
) -> Note:
    """Change a note."""
    require_version(expected_version, (await _find(work, note_id)).version)
    row = await work.row(
        "UPDATE notes SET text = :text, version = version + 1 WHERE note_id = :id RETURNING *",
        id=note_id,
        text=body.text,
    )
    assert row is not None
    return _note(row)


@router.post("/announce", status_code=202, idempotent=False)
async def announce(work: Commanding) -> None:
    """Tell the others something."""
    work.publish(
        FactRefused(
            entity=Entity(type="fact", id="erp/complaint_raised/1", version=1),
            system="erp",
            type="complaint_raised",
            event_id="1",
            code="invalid",
            title_zh="无效",
            title_en="Invalid",
            refused_at=work.now,
        )
    )


@router.post("/count", idempotent=False)
async def count(work: Commanding) -> int:
    """A command that may be sent twice."""
    number: int = await work.value("SELECT count(*) FROM notes")
    return number


async def _find(work: Work, note_id: UUID) -> Note:
    row = await work.row("SELECT * FROM notes WHERE note_id = :id", id=note_id)
    if row is None:
        raise NotFound(f"没有笔记 {note_id}", f"no note {note_id}")
    return _note(row)


@dataclass(frozen=True)
class Prices:
    """A policy."""

    policy_name: ClassVar[str] = "prices"

    dearest: Decimal


SERVICE = Service(
    name="engagement",
    package="tests.shared.http.notebook",
    settings=Settings,
    metadata=MetaData(),
    consumers=Consumers(),
    routers=lambda: (router,),
    policies=(Prices,),
)
