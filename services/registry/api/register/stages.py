"""Customers move, are closed and taken up again; the ID stays through all of it (R-33, C18)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import OnDay, Reason, actor, itself
from services.registry.api.register.customer_models import CustomerOut
from services.registry.api.register.customers import customer_row
from services.registry.api.register.identification import DivisionOut, division_out
from services.registry.handlers.register import close_customer, move_customer
from services.registry.handlers.register.close_customer import CloseCustomer
from services.registry.handlers.register.move_customer import MoveCustomer
from services.registry.storage.register import reports
from services.registry.storage.register.divisions import known_divisions
from shared.contracts.values import DivisionCode
from shared.errors import NotFound
from shared.http import Commanding, IfMatch, Reading, Role, Router

router = Router(tags=["customers"])
_DIRECTORS: frozenset[Role] = frozenset({"director", "deputy_director"})


class MoveIn(OnDay):
    """The division in which the customer is from a day on, and why."""

    division_code: DivisionCode
    reason: Reason


class Decision(OnDay):
    """Why a customer is closed, or taken up again."""

    reason: Reason


class IssuedUnder(BaseModel):
    """The division under which an ID was given out, for life (C18)."""

    customer_id: str
    division_code: str
    issued_on: date


class MoveOut(BaseModel):
    """From one division to another."""

    version: int
    from_division: str
    to_division: str
    on: date
    moved_by: str
    reason: str
    recorded_at: datetime


class Whereabouts(BaseModel):
    """Where a customer is, what its ID was issued under, and how it came here."""

    present: DivisionOut | None
    issued_under: IssuedUnder | None
    moves: list[MoveOut]


@router.get("/v1/divisions/{code}")
async def division(code: DivisionCode, work: Reading, on: date | None = None) -> DivisionOut:
    """行政区划代码 / a division code with its years and, when retired, its successors (R-33)."""
    found = division_out(await known_divisions(work, [code]), code, on or work.today)
    if found is None:
        raise NotFound(
            f"没有行政区划代码 {code}", f"there is no administrative division {code}", division=code
        )
    return found


@router.get("/v1/customers/{customer_key}/divisions")
async def divisions(customer_key: UUID, work: Reading) -> Whereabouts:
    """现址与编码属地 / present division, the one of its ID, and all moves (C18)."""
    customer = await customer_row(work, customer_key)
    issued = await work.row(reports.ISSUED_UNDER, key=customer_key)
    moves = await work.rows(reports.MOVES, key=customer_key)
    code = customer["division_code"]
    return Whereabouts(
        present=division_out(await known_divisions(work, [code]), code, work.today),
        issued_under=None if issued is None else IssuedUnder(**issued),
        moves=[_move(row) for row in moves],
    )


@router.post("/v1/customers/{customer_key}/move", roles={"province_administrator"})
async def move(
    customer_key: UUID, body: MoveIn, expected_version: IfMatch, work: Commanding
) -> CustomerOut:
    """区划调整 / the customer's place got another division; its ID stays (C18).

    A customer that really moves applies for it with proof: `POST /v1/customers/{key}/changes`.
    """
    await itself(work, customer_key)
    command = MoveCustomer(customer_key, actor(work), expected_version, **body.model_dump())
    await move_customer.handle(work, command)
    return CustomerOut(**await customer_row(work, customer_key))


@router.post("/v1/customers/{customer_key}/close", roles=_DIRECTORS)
async def close(
    customer_key: UUID, body: Decision, expected_version: IfMatch, work: Commanding
) -> CustomerOut:
    """关闭客户 / refused while a dispute or a branch is open; the ID is never given out again."""
    await itself(work, customer_key)
    command = CloseCustomer(customer_key, actor(work), expected_version, body.reason, body.on)
    await close_customer.handle(work, command)
    return CustomerOut(**await customer_row(work, customer_key))


@router.post("/v1/customers/{customer_key}/reopen", roles=_DIRECTORS)
async def reopen(
    customer_key: UUID, body: Decision, expected_version: IfMatch, work: Commanding
) -> CustomerOut:
    """重新启用 / a new decision takes a closed customer up again, under its old ID."""
    await itself(work, customer_key)
    command = CloseCustomer(customer_key, actor(work), expected_version, body.reason, body.on)
    await close_customer.reopen(work, command)
    return CustomerOut(**await customer_row(work, customer_key))


def _move(row: RowMapping) -> MoveOut:
    return MoveOut(**row)
