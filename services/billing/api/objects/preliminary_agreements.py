"""Preliminary agreements: draw up, sign three times, take back (B-04, B-05, B-08, B-10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.billing.api.listings import Listing
from services.billing.api.models import Command, ObjectCode, OnDay, Positive, Reason
from services.billing.api.objects.authorities import AuthorityIn, AuthorityOut
from services.billing.domain.objects.preliminary_agreements import State
from services.billing.domain.objects.purchase_rules import Party
from services.billing.handlers.objects import preliminary_agreements
from services.billing.handlers.objects.preliminary_agreements import DrawUp, SignPreliminary
from services.billing.storage.objects import reports
from services.billing.storage.objects.preliminary_agreements import UnknownPreliminary
from shared.contracts.values import Amount, Name, Ref
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/preliminary-agreements", tags=["preliminary-agreements"])
SIGNING: frozenset[Role] = frozenset(
    {"account_manager", "supervisor", "sales_director", "director", "deputy_director"}
)
"""Who may sign, and draw up; for which party is policy (B-05)."""


class PreliminaryIn(Command):
    """What customer and seller agree on before any money."""

    number: Ref
    object_code: ObjectCode
    customer_key: UUID
    price: Positive
    on: OnDay = None


class SignatureIn(Command):
    """A signature: staff sign for themselves; for the customer, whoever saw it sign records it.

    `signatory` is who signed for the customer; an agent with the notarised `authority` (B-10).
    """

    party: Party
    signatory: Name | None = None
    signed_by_agent: bool = False
    authority: AuthorityIn | None = None
    on: OnDay = None


class EndIn(Command):
    """Why, or where the copy is kept."""

    reason: Reason


class SignatureOut(BaseModel):
    """Who signed for which party, and when."""

    party: Party
    staff_code: str
    signed_on: date
    signatory: str | None
    authority: AuthorityOut | None


class PreliminaryOut(BaseModel):
    """A preliminary agreement with its signatures; `filed` with finance when a deposit is taken."""

    preliminary_id: UUID
    number: str
    object_code: str
    customer_key: UUID
    price: Amount
    drawn_up_on: date
    staff_code: str
    state: State
    signatures: list[SignatureOut]
    version: int


_PRELIMINARIES = Listing(
    reports.PRELIMINARY_AGREEMENTS,
    Keyset("drawn_up_on date", "preliminary_id uuid", descending=True),
    PreliminaryOut,
    UnknownPreliminary,
    ("preliminary_id", "customer_key", "object_code", "state"),
)


class PreliminaryChangeOut(BaseModel):
    """What became of a preliminary agreement; without a staff code it fell due."""

    version: int
    state: State
    staff_code: str | None
    reason: str | None
    recorded_at: datetime


@router.post("", status_code=201, roles=SIGNING)
async def draw_up(body: PreliminaryIn, work: Commanding) -> PreliminaryOut:
    """拟定定购协议 / draw up a preliminary agreement."""
    preliminary = await preliminary_agreements.draw_up(work, DrawUp(**dict(body)))
    return await _PRELIMINARIES.one(work, preliminary_id=preliminary.preliminary_id)


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    object_code: Annotated[ObjectCode | None, Query()] = None,
    state: State | None = None,
) -> Page[PreliminaryOut]:
    """定购协议清单 / preliminary agreements in sight, the latest first."""
    return await _PRELIMINARIES.page(
        work, page, customer_key=customer_key, object_code=object_code, state=state
    )


@router.get("/{preliminary_id}")
async def shown(preliminary_id: UUID, work: Reading) -> PreliminaryOut:
    """一份定购协议 / one preliminary agreement."""
    return await _PRELIMINARIES.one(work, preliminary_id=preliminary_id)


@router.get("/{preliminary_id}/changes")
async def changes(preliminary_id: UUID, work: Reading) -> list[PreliminaryChangeOut]:
    """定购协议的经过 / what became of it, and who did it."""
    rows = await work.rows(reports.PRELIMINARY_CHANGES, preliminary_id=preliminary_id)
    return [PreliminaryChangeOut(**row) for row in rows]


@router.post("/{preliminary_id}/signatures", status_code=201, roles=SIGNING)
async def sign(
    preliminary_id: UUID, body: SignatureIn, work: Commanding, expected_version: IfMatch
) -> PreliminaryOut:
    """签字 / sign for oneself, or record the customer's signature; complete with the third."""
    command = SignPreliminary(
        preliminary_id=preliminary_id,
        expected_version=expected_version,
        party=body.party,
        signatory=body.signatory,
        is_agent=body.signed_by_agent,
        authority=body.authority.authority() if body.authority else None,
        on=body.on,
    )
    await preliminary_agreements.sign_for(work, command)
    return await _PRELIMINARIES.one(work, preliminary_id=preliminary_id)


@router.post("/{preliminary_id}/take-back", roles=SIGNING)
async def take_back(
    preliminary_id: UUID, body: EndIn, work: Commanding, expected_version: IfMatch
) -> PreliminaryOut:
    """签约时收回客户联，由经理备案 / the manager files the customer's copy at the contract."""
    await preliminary_agreements.take_back_copy(work, preliminary_id, expected_version, body.reason)
    return await _PRELIMINARIES.one(work, preliminary_id=preliminary_id)


@router.post("/{preliminary_id}/void", roles=SIGNING)
async def void(
    preliminary_id: UUID, body: EndIn, work: Commanding, expected_version: IfMatch
) -> PreliminaryOut:
    """作废 / nothing comes of it."""
    await preliminary_agreements.give_up(work, preliminary_id, expected_version, body.reason)
    return await _PRELIMINARIES.one(work, preliminary_id=preliminary_id)
