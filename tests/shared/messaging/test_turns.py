"""Batches about the same customers follow each other."""

from __future__ import annotations

import asyncio

from shared.identifiers import new_id
from shared.service import Runtime


async def test_two_batches_in_opposite_order_follow_each_other(process: Runtime) -> None:
    one, other = new_id(), new_id()
    order: list[str] = []

    async def first() -> None:
        async with process.works.begin() as work:
            await work.take_turns([one, other])
            held.set()
            await asyncio.sleep(0.05)
            order.append("first")

    async def second() -> None:
        await held.wait()
        async with process.works.begin() as work:
            await work.take_turns([other, one])
            order.append("second")

    held = asyncio.Event()
    await asyncio.gather(first(), second())
    assert order == ["first", "second"]


async def test_batches_about_other_customers_do_not_wait(process: Runtime) -> None:
    async with process.works.begin() as work, asyncio.timeout(5):
        await work.take_turns([new_id()])
        async with process.works.begin() as other:
            await other.take_turns([new_id()])
