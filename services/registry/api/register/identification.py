"""Who is meant: IDs taken apart and explained, and customers that others have seen (R-34, R-81)."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from services.registry.api.identity import duplicates
from services.registry.api.identity.duplicates import AlikeOut
from services.registry.domain.identity.likeness import DuplicateDetection, Reason
from services.registry.domain.register.customer_ids import CustomerIdLayout
from services.registry.domain.register.divisions import Divisions
from services.registry.domain.register.id_explanation import explain
from services.registry.storage import reports
from services.registry.storage.identity import unlinked
from services.registry.storage.register import customer_ids
from services.registry.storage.register.divisions import known_divisions
from shared.http import Commanding, Page, PageQuery, Reading, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1/customers", tags=["customers"])
_SEEN = ("system", "code", "name", "division_code", "observed_at")


class Remark(BaseModel):
    """A fault of a typed ID, or something worth knowing about it."""

    code: str
    zh: str
    en: str
    is_error: bool


class SuccessorOut(BaseModel):
    """A code that took the place of a retired one; nobody puts it there but a person."""

    code: str
    name: str | None


class DivisionOut(BaseModel):
    """An administrative division; `name` is the one on that day, else the last."""

    code: str
    province: str
    name: str
    years: str
    is_in_force: bool
    successors: list[SuccessorOut]


class IdOut(BaseModel):
    """An ID taken apart; the layers are null when the text is no ID at all (R-34)."""

    customer_id: str
    is_valid: bool
    division: DivisionOut | None
    customer_number: int | None
    branch_number: int | None
    head_office_id: str | None
    is_head_office: bool | None
    findings: list[Remark]


class Candidate(AlikeOut):
    """A customer of ours that it may be; `by` is what says so most."""

    by: Reason


class PossibleDuplicate(BaseModel):
    """What another system has seen and nobody was linked with."""

    system: str
    code: str
    name: str
    division_code: str | None
    observed_at: datetime
    candidates: list[Candidate]


@router.get("/parse-id")
async def parse_id(
    work: Reading,
    customer_id: Annotated[str, Query(max_length=100, description="客户ID / the typed ID")],
    on: Annotated[date | None, Query(description="某日，默认今天 / a day, today")] = None,
) -> IdOut:
    """解析并校验客户ID / take an ID apart and say what is wrong with it (R-34)."""
    day = on or work.today
    layout = (await in_force(work, CustomerIdLayout, day)).body
    highest = await customer_ids.highest_for(work, customer_id, layout)
    divisions = await known_divisions(work, [customer_id[: layout.division_digits]])
    parsed, findings = explain(customer_id, layout, divisions, day, highest)
    return IdOut(
        customer_id=customer_id,
        is_valid=not any(finding.is_error for finding in findings),
        division=division_out(divisions, parsed.division, day) if parsed else None,
        customer_number=parsed.customer if parsed else None,
        branch_number=parsed.branch if parsed else None,
        head_office_id=parsed.head_office_id if parsed else None,
        is_head_office=parsed.is_head_office if parsed else None,
        findings=[
            Remark(code=each.code, zh=each.zh, en=each.en, is_error=each.is_error)
            for each in findings
        ]
        + await _part_of(work, customer_id.strip()),
    )


@router.get("/possible-duplicates", roles={"province_administrator"}, audited=True)
async def possible_duplicates(work: Commanding, page: PageQuery) -> Page[PossibleDuplicate]:
    """疑似重复客户 / seen elsewhere, linked with nobody, perhaps one of ours (R-81).

    Compared as `check` compares, except for names that differ by a slip. Where much was seen and
    little of it is ours, a page may be short, or empty, and another one follows.
    """
    policy = (await in_force(work, DuplicateDetection, work.today)).body.without_slips()
    found = await unlinked.page(work, page, policy)
    alike = [each for _, of_ours in found.items for each in of_ours]
    candidates = iter(await duplicates.shown(work, alike))
    return Page(
        items=[
            PossibleDuplicate(
                **{name: row[name] for name in _SEEN},
                candidates=[
                    Candidate(**dict(each), by=each.reasons[0])
                    for each in islice(candidates, len(of_ours))
                ],
            )
            for row, of_ours in found.items
        ],
        next_page_token=found.next_page_token,
    )


async def _part_of(work: Work, customer_id: str) -> list[Remark]:
    """What is said of an ID whose customer was merged into another in sight (R-81)."""
    row = await work.row(reports.PART_OF, customer_id=customer_id)
    if row is None:
        return []
    whole = row["customer_id"] or row["customer_key"]
    return [
        Remark(
            code="part-of",
            zh=f"该客户现为 {whole}（{row['name']}）的一部分",
            en=f"the customer is now part of {whole} ({row['name']})",
            is_error=False,
        )
    ]


def division_out(divisions: Divisions, code: str, on: date) -> DivisionOut | None:
    """The division as it was on a day, with its successors; None when nobody knows it."""
    division = divisions(code)
    if division is None:
        return None
    name = division.name_on(on)
    return DivisionOut(
        code=code,
        province=division.province,
        name=name or division.last_name,
        years=division.years,
        is_in_force=name is not None,
        successors=[
            SuccessorOut(code=each, name=found.last_name if (found := divisions(each)) else None)
            for each in division.successors
        ],
    )
