"""What billing tells of deposits, and how a changed deposit is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from services.billing.domain.books.journal import Journal, JournalKind, Line
from services.billing.domain.objects.deposit_refusals import (
    CollectorDecides,
    NotAuthorised,
    NotFinanceStaff,
)
from services.billing.domain.objects.deposit_terms import DepositTerms, TermsInForce
from services.billing.domain.objects.deposits import Deposit
from services.billing.storage.books import journal
from services.billing.storage.objects import deposits
from shared import policy
from shared.calendar import working_calendar
from shared.contracts.billing import DepositChanged, DepositKind, DepositState
from shared.contracts.envelope import Entity, MoneyAmount, PolicyRef
from shared.identifiers import new_id
from shared.money import to_cents
from shared.policy import Versioned
from shared.work import Work


async def terms_on(work: Work, on: date) -> TermsInForce:
    """The terms of deposits on the day `on`. Raises NoPolicyInForce."""
    return await _in_force(work, await policy.in_force(work, DepositTerms, on))


async def terms_of(work: Work, version: int) -> TermsInForce:
    """The very terms that an earlier decision followed, counted by today's calendar."""
    return await _in_force(work, await policy.of_version(work, DepositTerms, version))


async def _in_force(work: Work, terms: Versioned[DepositTerms]) -> TermsInForce:
    if terms.body.day_count == "calendar":
        return TermsInForce(terms.body, terms.version, _by_the_calendar)
    calendar = await working_calendar(work)
    return TermsInForce(
        terms.body, terms.version, lambda day, days: calendar.add_working_days(day, days).on
    )


def _by_the_calendar(day: date, days: int) -> date:
    return day + timedelta(days=days)


def deposit_changed(deposit: Deposit, as_of: date, currency: str) -> DepositChanged:
    """The deposit as it stands, with the policy version that allowed it."""
    settled = deposit.settled_amount
    return DepositChanged(
        entity=Entity(type="deposit", id=str(deposit.deposit_id), version=deposit.version),
        customer_key=deposit.customer_key,
        as_of=as_of,
        policy=PolicyRef(name=DepositTerms.policy_name, version=deposit.policy_version),
        inputs={
            "price": str(to_cents(deposit.price)),
            "chain_amount": str(to_cents(deposit.chain_amount)),
            "contract_due_on": deposit.contract_due_on.isoformat(),
        },
        deposit_id=deposit.deposit_id,
        chain_id=deposit.chain_id,
        object_code=deposit.object_code,
        kind=DepositKind(deposit.kind),
        state=DepositState(deposit.state),
        amount=MoneyAmount(amount=deposit.amount, currency=currency),
        chain_amount=MoneyAmount(amount=deposit.chain_amount, currency=currency),
        price=MoneyAmount(amount=deposit.price, currency=currency),
        taken_on=deposit.taken_on,
        valid_until_on=deposit.valid_until_on,
        upgraded_to=deposit.upgraded_to,
        agreement_id=deposit.agreement_id,
        settled_on=deposit.settled_on,
        settled_amount=(
            None if settled is None else MoneyAmount(amount=settled, currency=currency)
        ),
        is_above_legal_limit=deposit.excess_amount > 0,
        excess_amount=MoneyAmount(amount=deposit.excess_amount, currency=currency),
        contract_due_on=deposit.contract_due_on,
        contract_overdue_on=deposit.contract_overdue_on,
    )


async def save(work: Work, deposit: Deposit, on: date, reason: str | None = None) -> None:
    """Save a deposit that changed on the day `on`, note who did it, and tell the others."""
    await deposits.update(work, deposit)
    await note(work, deposit, on, reason)


async def note(work: Work, deposit: Deposit, on: date, reason: str | None = None) -> None:
    """Note and tell a deposit that is saved already."""
    await deposits.note(work, deposit, on, reason)
    work.publish(deposit_changed(deposit, on, work.currency))


async def post(work: Work, deposit: Deposit, lines: Sequence[Line]) -> None:
    """Post the money of a deposit."""
    await journal.post(work, [journal_of(work, deposit, lines)])


def journal_of(work: Work, deposit: Deposit, lines: Sequence[Line]) -> Journal:
    """The journal of a deposit's money."""
    return Journal(new_id(), JournalKind.DEPOSIT, deposit.chain_id, work.now, tuple(lines))


def require_collector(work: Work, terms: DepositTerms) -> None:
    """Refuse unless the caller is one of those who may collect deposits (B-04)."""
    if not work.person.roles & set(terms.collecting_roles):
        names = ", ".join(terms.collecting_roles)
        raise NotFinanceStaff(
            f"只有 {names} 可以经手定金",
            f"only {names} may handle deposits",
            roles=sorted(work.person.roles),
        )


def require_decider(work: Work, terms: DepositTerms, collectors: Collection[str]) -> None:
    """Refuse unless the caller may decide what becomes of a deposit, and did not take it (B-11)."""
    if not work.person.roles & set(terms.who_decides):
        names = ", ".join(terms.who_decides)
        raise NotAuthorised(
            f"定金的退还或没收由 {names} 决定",
            f"{names} decide whether a deposit is paid back or kept",
            roles=sorted(work.person.roles),
        )
    if work.person.staff_code in collectors:
        raise CollectorDecides(
            "收取该定金的人员不得决定其退还或没收",
            "whoever took this deposit does not decide whether it is paid back or kept",
        )
