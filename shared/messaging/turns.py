"""Turns: batches that are about the same customers follow each other instead of deadlocking.

A batch touches many customers' rows, table by table, and two batches would meet in opposite
orders. So each first takes the turns of all its customers, in sorted order, until it ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID
from zlib import crc32

if TYPE_CHECKING:
    from shared.work import Work

_CLASS = 0x74726E  # "trn": keeps these advisory locks apart from others
_SIGN = 2**31

_TAKE = f"""
SELECT count(pg_advisory_xact_lock({_CLASS}, turn)) FROM unnest(%s::int[]) AS customer (turn)
"""


async def take(work: Work, customer_keys: Iterable[UUID]) -> None:
    """Hold the turns of these customers until the transaction ends; others wait for theirs."""
    turns = sorted({crc32(key.bytes) - _SIGN for key in customer_keys})
    if turns:
        await work.bulk(_TAKE, turns)
