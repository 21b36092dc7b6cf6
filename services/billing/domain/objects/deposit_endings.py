"""How a deposit ends: applied, expired, paid back, kept (B-03, B-08, B-11, B-12).

Its money stays owed to the customer until it is applied, paid back or kept; every step is a posting
of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from ..books.accounts import Account
from ..books.journal import Line, moved
from .deposit_limits import excess
from .deposit_terms import TermsInForce
from .deposits import Deposit, State, check_order, not_live

Ended = tuple[Deposit, tuple[Line, ...]]
"""The deposit as it is then, and what is posted."""


def apply(
    deposit: Deposit, agreement_id: UUID, price: Decimal, signed_on: date, terms: TermsInForce
) -> Ended:
    """Set the chain's money against the first instalment of a contract of `price` yuan (B-08).

    It counts from the day of the signature, whenever finance gets to it: what held on that day is
    applied even if it was found expired, or the contract late, before anybody told us.
    """
    is_open = deposit.state in (State.TAKEN, State.EXPIRED)
    if not is_open or signed_on > deposit.valid_until_on:
        raise not_live(deposit)
    check_order(deposit, signed_on)
    applied = replace(
        _settled(deposit, State.APPLIED, signed_on, deposit.chain_amount),
        price=price,
        excess_amount=excess(deposit.chain_amount, price, terms.body),
        agreement_id=agreement_id,
        contract_overdue_on=None,
    )
    return applied, _moved(deposit, Account.DEPOSITS_HELD, Account.UNAPPLIED_CASH, signed_on)


def give_free(deposit: Deposit, on: date) -> Ended:
    """An applied deposit whose contract was cancelled before its registration (B-09, B-11).

    It is held again and reserves nothing; somebody decides whether it goes back or is kept. It
    still names the contract that it was applied to.
    """
    assert deposit.state is State.APPLIED, "only what was applied can be taken off again"
    freed = replace(
        deposit,
        state=State.EXPIRED,
        settled_on=on,
        settled_amount=None,
        version=deposit.version + 1,
    )
    return freed, _moved(deposit, Account.UNAPPLIED_CASH, Account.DEPOSITS_HELD, on)


def refund(deposit: Deposit, on: date, *, double: bool) -> Ended:
    """Pay the chain's money back; `double` when it was we who broke our word (B-11).

    Only what has the effect of a deposit is doubled (B-12).
    """
    _require_held(deposit, on)
    lines = _moved(deposit, Account.DEPOSITS_HELD, Account.BANK, on)
    penalty = deposit.effective_amount if double else Decimal(0)
    lines += moved(penalty, Account.DEPOSIT_PENALTIES, Account.BANK, on, deposit.customer_key)
    return _settled(deposit, State.REFUNDED, on, deposit.chain_amount + penalty), lines


def forfeit(deposit: Deposit, on: date) -> Ended:
    """Keep the deposit, since the customer broke its word (B-11).

    What has no effect of a deposit is paid back (B-12).
    """
    _require_held(deposit, on)
    kept, key = deposit.effective_amount, deposit.customer_key
    lines = moved(kept, Account.DEPOSITS_HELD, Account.DEPOSITS_FORFEITED, on, key)
    lines += moved(deposit.chain_amount - kept, Account.DEPOSITS_HELD, Account.BANK, on, key)
    return _settled(deposit, State.FORFEITED, on, kept), lines


def expire(deposit: Deposit, on: date) -> Deposit:
    """Release the object on the day after the last one (B-01, B-02, C12).

    The money stays held until somebody decides whether it goes back or is kept.
    """
    assert deposit.state is State.TAKEN and deposit.is_over(on), "not due to expire"
    return replace(
        deposit, state=State.EXPIRED, settled_on=deposit.valid_until_on, version=deposit.version + 1
    )


def miss_contract(deposit: Deposit, on: date) -> Deposit:
    """Say on the day `on` that the contract was not signed in time (B-03).

    A contract after that day is not signed on this deposit; what becomes of its money is decided
    by a person.
    """
    assert deposit.contract_due_on < on, "the contract is not due yet"
    return replace(deposit, contract_overdue_on=on, version=deposit.version + 1)


def _require_held(deposit: Deposit, on: date) -> None:
    """Money can be paid back or kept while it is held: from a live deposit or an expired one."""
    if deposit.state not in (State.EXPIRED, State.TAKEN):
        raise not_live(deposit)
    check_order(deposit, on)


def _settled(deposit: Deposit, state: State, on: date, amount: Decimal) -> Deposit:
    return replace(
        deposit, state=state, settled_on=on, settled_amount=amount, version=deposit.version + 1
    )


def _moved(deposit: Deposit, debit: Account, credit: Account, on: date) -> tuple[Line, ...]:
    return moved(deposit.chain_amount, debit, credit, on, deposit.customer_key)
