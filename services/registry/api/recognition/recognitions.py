"""Whether a customer is a key account, and why; every decision is kept (R-15 to R-18)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import RESPONSIBLE, OnDay, actor, in_sight, itself
from services.registry.domain.recognition.assessment import Source
from services.registry.domain.recognition.criteria import Value
from services.registry.domain.register.customers import CustomerKind
from services.registry.handlers.recognition import recognise_key_account
from services.registry.handlers.recognition.recognise_key_account import RecogniseKeyAccount
from services.registry.storage.recognition import reports
from shared.contracts.values import Exact, Word
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router

router = Router(tags=["recognition"])
_SEQUENCE = Keyset("sequence integer", descending=True)
_CUSTOMERS = Keyset("customer_key uuid")


class Assessing(OnDay):
    """Values by measure that registry does not know; which there are the policy says.

    `key-account-recognition` names them with their form and unit. Revenue that is left out is
    summed from what billing posted; a contract and the kind of body registry knows itself.
    """

    quantities: dict[Word, Exact] = Field(default={}, max_length=50)
    flags: dict[Word, bool] = Field(default={}, max_length=50)
    words: dict[Word, Word] = Field(default={}, max_length=50)


class ConditionOut(BaseModel):
    """One condition with its limit, and who said the value that was compared."""

    measure: str
    limit: str
    source: Source | None
    is_met: bool


class ValueOut(BaseModel):
    """A value that was known, quantities as text, and who said it."""

    value: str | bool
    source: Source


class RouteOut(BaseModel):
    """One way to become a key account; all of its conditions have to be met."""

    route: str
    zh: str
    en: str
    is_met: bool
    conditions: list[ConditionOut]


class RecognitionOut(BaseModel):
    """A decision with its inputs; `figures` are shown to who may see the customer's money."""

    customer_key: UUID
    sequence: int
    decided_on: date
    is_recognised: bool
    route: str | None
    kind: CustomerKind
    held_by: str | None
    routes: list[RouteOut]
    inputs: dict[str, ValueOut]
    figures: dict[str, ValueOut] | None
    policy_version: int
    decided_by: str
    recorded_at: datetime


class LastRecognition(BaseModel):
    """A customer with the last decision about it; nothing is said before the first."""

    customer_key: UUID
    name: str
    kind: CustomerKind
    decided_on: date | None
    is_recognised: bool | None
    route: str | None


@router.post("/v1/customers/{customer_key}/recognition", status_code=201, roles=RESPONSIBLE)
async def recognise(customer_key: UUID, body: Assessing, work: Commanding) -> RecognitionOut:
    """大客户认定 / decide whether a customer is a key account; its kind follows."""
    await itself(work, customer_key)
    given: dict[str, Value] = {**body.quantities, **body.flags, **body.words}
    command = RecogniseKeyAccount(customer_key, actor(work), given, body.on)
    decision = await recognise_key_account.handle(work, command)
    row = await work.row(
        f"{reports.RECOGNITIONS} AND r.sequence = :sequence",
        key=customer_key,
        sequence=decision.sequence,
    )
    assert row is not None, "the customer is in sight"
    return _decision(row)


@router.get("/v1/customers/{customer_key}/recognition")
async def history(customer_key: UUID, work: Reading, page: PageQuery) -> Page[RecognitionOut]:
    """认定记录 / the decisions about a customer, the last one first: it holds."""
    await in_sight(work, customer_key)
    return await page.read(work, reports.RECOGNITIONS, _SEQUENCE, _decision, key=customer_key)


@router.get("/v1/reports/recognition")
async def report(
    work: Reading,
    page: PageQuery,
    is_recognised: Annotated[
        bool | None, Query(description="只列已认定或未认定 / only recognised, or only not")
    ] = None,
) -> Page[LastRecognition]:
    """认定情况 / living customers with the last decision about each."""
    return await page.read(
        work,
        f"{reports.LAST} AND (CAST(:wanted AS boolean) IS NULL"
        " OR coalesce(r.is_recognised, false) = :wanted)",
        _CUSTOMERS,
        _last,
        wanted=is_recognised,
    )


def _decision(row: RowMapping) -> RecognitionOut:
    return RecognitionOut(**row)


def _last(row: RowMapping) -> LastRecognition:
    return LastRecognition(**row)
