"""R-33: many connections at once get numbers without a gap and none twice."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from uuid import UUID

from services.registry.domain.register.customer_ids import CustomerIdLayout
from services.registry.handlers.proof import approve_declaration, submit_declaration
from services.registry.handlers.proof.approve_declaration import ApproveDeclaration
from services.registry.handlers.proof.submit_declaration import SubmitDeclaration
from services.registry.handlers.register import register_customer
from services.registry.handlers.register.register_customer import RegisterCustomer
from services.registry.storage.proof import verification
from services.registry.storage.register import customer_ids
from shared.service import Runtime
from tests.services.registry.story import (
    Declaring,
    acting,
    approved,
    mechanics,
    proposed,
    registered,
)
from tests.support import cast

LAYOUT = CustomerIdLayout(6, 5, 3, Decimal("0.9"))
AT_ONCE = 200


class Undone(Exception):
    """Something went wrong after the number was taken."""


async def test_r33_two_hundred_at_once_get_numbers_without_a_gap_or_a_double(
    process: Runtime,
) -> None:
    async def take(number: int) -> int | None:
        try:
            async with process.works.begin() as work:
                issued = await customer_ids.take_customer(work, "440106", LAYOUT)
                if number % 10 == 0:
                    raise Undone
                return issued.number
        except Undone:
            return None

    numbers = await asyncio.gather(*(take(number) for number in range(AT_ONCE)))
    kept = sorted(number for number in numbers if number is not None)
    assert kept == list(range(1, AT_ONCE - AT_ONCE // 10 + 1))


async def test_r31_r21_customers_declared_and_registered_at_once_stand_in_one_order(
    process: Runtime,
) -> None:
    async def register() -> str | None:
        async with process.works.begin() as work:
            command = SubmitDeclaration(acting(cast.COUNTY_MANAGER), mechanics())
            declaration = await proposed(work, await submit_declaration.handle(work, command))
        async with process.works.begin() as work:
            approval = ApproveDeclaration(
                declaration.declaration_id, acting(cast.CITY_DIRECTOR), declaration.version
            )
            await approve_declaration.handle(work, approval)
        async with process.works.begin() as work:
            by = acting(cast.PROVINCE_ADMINISTRATOR)
            registration = RegisterCustomer(declaration.customer_key, by, 2)
            return (await register_customer.handle(work, registration)).customer.customer_id

    ids = await asyncio.gather(*(register() for _ in range(24)))
    assert sorted(str(each) for each in ids) == [f"440106{n:05d}000" for n in range(1, 25)]
    async with process.works.begin() as work:
        report = await verification.verify(work)
    assert report.is_intact
    assert report.entries == 72


async def test_r33_two_hundred_requests_for_an_id_at_once_leave_no_gap_and_no_double(
    process: Runtime,
) -> None:
    """R-33: the command itself, with its history, its facts, and some that fail on the way.

    A quarter are branches of one head office: they count below it, and take no number from others.
    """
    async with process.works.begin() as work:
        head = await registered(work, named("总部"))
        keys = [await approved(work, named(f"客户{number}")) for number in range(150)]
        below = mechanics(head_office_key=head.customer.customer_key)
        keys += [await approved(work, Declaring(customer=below)) for _ in range(50)]
    assert len(keys) == AT_ONCE

    async def register(number: int, key: UUID) -> str | None:
        try:
            async with process.works.begin() as work:
                by = acting(cast.PROVINCE_ADMINISTRATOR)
                done = await register_customer.handle(work, RegisterCustomer(key, by, 2))
                if number % 10 == 0:
                    raise Undone
                return done.customer.customer_id
        except Undone:
            return None

    issued = await asyncio.gather(*(register(number, key) for number, key in enumerate(keys)))
    ids = sorted(each for each in issued if each is not None)
    heads = [f"440106{number:05d}000" for number in range(2, 2 + 150 - 15)]
    branches = [f"44010600001{number:03d}" for number in range(1, 1 + 50 - 5)]
    assert ids == sorted([*heads, *branches])
    async with process.works.begin() as work:
        rows = await work.rows("SELECT customer_id FROM customers WHERE customer_id IS NOT NULL")
        under = await work.value("SELECT count(DISTINCT customer_id) FROM issued_under")
        assert sorted(row["customer_id"] for row in rows) == sorted([*ids, "44010600001000"])
        assert under == len(ids) + 1
        assert (await verification.verify(work)).is_intact


def named(name: str) -> Declaring:
    """A customer of that name."""
    return Declaring(customer=mechanics(name=name))
