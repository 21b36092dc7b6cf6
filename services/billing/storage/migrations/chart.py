"""Accounts that a migration adds to the chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class ChartedAccount(NamedTuple):
    """A new account; `is_of_customer` if every customer has a balance of its own on it."""

    account: str
    number: str
    side: str
    title_zh: str
    title_en: str
    is_of_customer: bool = False


def add_accounts(op: Any, accounts: Sequence[ChartedAccount]) -> None:
    """Add `accounts` to the chart; first in a migration, since it commits what came before.

    A value that is new in an enumeration can be used only when it has been committed.
    """
    with op.get_context().autocommit_block():
        for each in accounts:
            op.execute(f"ALTER TYPE account ADD VALUE IF NOT EXISTS '{each.account}'")
    for each in accounts:
        texts = ", ".join(f"'{value}'" for value in each[:5])
        op.execute(f"""
            INSERT INTO accounts (account, number, side, title_zh, title_en, is_of_customer)
            VALUES ({texts}, {str(each.is_of_customer).lower()})""")


def drop_accounts(op: Any, accounts: Sequence[ChartedAccount]) -> None:
    """Take them off the chart; the names stay in the enumeration, which forgets nothing."""
    for each in accounts:
        op.execute(f"DELETE FROM accounts WHERE account = '{each.account}'")
