"""Legal erasures: the only way in which anything leaves an archive (R-68)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import RowMapping

from services.registry.api.archive.contents import Line
from services.registry.api.models import OnDay, Reason, actor, in_sight
from services.registry.domain.archive.parts.fields import PARTS, Place, Section
from services.registry.handlers.archive import erase_content
from services.registry.handlers.archive.erase_content import EraseContent
from services.registry.storage.archive import reports
from shared.contracts.values import Code
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/archives/{customer_key}/erasures", tags=["archives"])
_ORDER = Keyset("erasure_id uuid", descending=True)


class ErasureIn(OnDay):
    """What is erased from every version of a part, a year or an entry, and by which document.

    `person_id` limits it to one of the key people, `pointers` to fields and what stands below.
    """

    section: Section
    item: str = Field(default="", max_length=36)
    legal_basis: Reason
    document_reference: Line
    person_id: Code | None = None
    pointers: list[Line] = Field(default=[], max_length=200)

    @model_validator(mode="after")
    def _names_a_place(self) -> ErasureIn:
        if (self.item == "") is not (self.section in PARTS):
            raise ValueError(
                "年度和往来记录须注明年份或编号，四大部分不注 / "
                "a year or an entry needs its item, a part has none"
            )
        return self


class ErasureOut(BaseModel):
    """What was erased, by version, on which basis; the values are gone."""

    erasure_id: UUID
    section: Section
    item: str
    erased: dict[str, list[str]]
    legal_basis: str
    document_reference: str
    on: date
    erased_by: str
    policy_version: int
    recorded_at: datetime


@router.post("", status_code=201)
async def erase(customer_key: UUID, body: ErasureIn, work: Commanding) -> ErasureOut:
    """法定删除 / erase confidential values by a legal procedure; that they were erased stays."""
    await in_sight(work, customer_key)
    command = EraseContent(
        customer_key=customer_key,
        place=Place(body.section, body.item),
        by=actor(work),
        **body.model_dump(exclude={"section", "item"}),
    )
    erasure = await erase_content.handle(work, command)
    row = await work.row(
        f"{reports.ERASURES} AND e.erasure_id = :id", key=customer_key, id=erasure.erasure_id
    )
    assert row is not None, "it was recorded a moment ago"
    return _erasure(row)


@router.get("")
async def listing(customer_key: UUID, work: Reading, page: PageQuery) -> Page[ErasureOut]:
    """法定删除记录 / what was erased, the latest first."""
    return await page.read(work, reports.ERASURES, _ORDER, _erasure, key=customer_key)


def _erasure(row: RowMapping) -> ErasureOut:
    return ErasureOut(**row)
