"""Customers became one, or two again: what they pay is reckoned for whoever they are today (R-81).

Charges, payments and revenue keep the key under which they came. Cash of a customer pays what is
due first under any of its keys; when a merge is undone, everybody pays his own again.
"""

from __future__ import annotations

from services.billing.handlers.concessions import grant_discounts
from services.billing.handlers.credit import watch_exposure
from services.billing.handlers.receivables import settle_accounts
from services.billing.handlers.receivables.account_changes import Changes
from services.billing.storage.receivables import customer_books
from shared.contracts.registry import CustomerIdentityChanged
from shared.directory import identities
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[CustomerIdentityChanged]]) -> None:
    """Reckon the accounts of all who are somebody else than before."""
    told = {fact.data.customer_key for fact in facts}
    members = {key for own in (await identities.members(work, told)).values() for key in own}
    concerned = members | await customer_books.tied_to(work, members)
    accounts = await customer_books.lock(work, concerned)
    keys = {key for account in accounts.values() for key in account.members}
    changes = {root: Changes(is_another=True) for root in accounts}
    await grant_discounts.for_customers(work, accounts, changes)
    await settle_accounts.settle(work, accounts, changes)
    await watch_exposure.left(work, keys)
