"""The ledger as a state machine over real PostgreSQL: whatever happens next, it balances (B-34).

Facts of every kind, decisions and closed months come in any order. After each of them the trial
balance is zero, everything that is kept agrees with the ledger, versions have only grown, and what
was closed is as it was closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.billing.app import SERVICE
from services.billing.domain.books.months import Closing, following
from services.billing.domain.objects.deposits import Deposit
from services.billing.handlers.books import close_month
from services.billing.handlers.books.close_month import CloseMonth
from services.billing.handlers.objects import close_deposit
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.receivables import sweep_accounts
from services.billing.settings import Settings
from services.billing.storage.books import months
from shared.clock import business_date
from shared.contracts.enterprise import OpeningKind
from shared.contracts.envelope import Event
from shared.errors import Refusal
from shared.messaging.receiving import dispatch_claimed
from shared.service import runtime
from shared.work import Work
from tests.services.billing.books import (
    balances,
    cancelled,
    charge,
    check_books,
    enter,
    finish,
    opening,
    owned,
    payment,
    revenue,
    split,
    take,
)
from tests.services.billing.handlers.objects.deals import small
from tests.services.billing.test_books_at_large import reference
from tests.support.cast import CITY_DIRECTOR, ELECTRONICS, FINANCE, INSURER, Customer
from tests.support.clocks import SITE, TEST_BEGINS_AT, SetClock

customers = st.sampled_from((ELECTRONICS, INSURER))
days = st.integers(0, 70).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
cents = st.integers(1, 99_999).map(lambda amount: str(Decimal(amount) / 100))
numbers = st.integers(1, 3)


class LedgerMachine(RuleBasedStateMachine):
    """Few customers and numbers, so that facts name each other, wait, collide and come late."""

    settings: Settings

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.closed: list[Closing] = []
        self.deposits: list[Deposit] = []
        self.versions: dict[tuple[UUID, str], int] = {}
        self.said: set[tuple[str, str]] = set()
        self.work = self.runner.run(self._open())
        self._take(owned(ELECTRONICS), owned(INSURER))

    async def _open(self) -> Work:
        clock = SetClock(TEST_BEGINS_AT)
        opened = runtime(SERVICE, self.settings, "tests", clock)
        process = await self.stack.enter_async_context(opened)
        connection = await self.stack.enter_async_context(process.engine.connect())
        await connection.begin()
        return Work(
            service=SERVICE.name,
            connection=connection,
            box=process.works.box,
            now=clock.now(),
            today=business_date(clock.now(), SITE),
            zone=SITE,
            currency="CNY",
            dispatch=partial(dispatch_claimed, SERVICE.consumers),
        )

    def teardown(self) -> None:
        """Nothing of an example stays."""
        self.runner.run(self.work.connection.rollback())
        self.runner.run(self.stack.aclose())
        self.runner.close()

    def _take(self, *events: Event) -> None:
        """Take what was not said before: what is sent twice never comes as far as a handler."""
        new = [event for event in events if reference(event) not in self.said]
        self.said |= {reference(event) for event in new}
        self.runner.run(take(self.work, *new))

    def _try(self, what: Callable[[], Awaitable[object]]) -> object | None:
        """Do it as a request would: a refusal leaves nothing behind."""

        async def tried() -> object | None:
            try:
                async with self.work.savepoint():
                    done = await what()
            except Refusal:
                return None
            await finish(self.work)
            return done

        return self.runner.run(tried())

    @rule(who=customers, number=numbers, amount=cents, on=days)
    def record_revenue(self, who: Customer, number: int, amount: str, on: date) -> None:
        self._take(revenue(who, f"R-{who.code}-{number}-{on}", amount, on=on))

    @rule(who=customers, number=numbers, amount=cents, on=days, of=days)
    def reverse_revenue(self, who: Customer, number: int, amount: str, on: date, of: date) -> None:
        original = f"R-{who.code}-{number}-{of}"
        fact = revenue(who, f"B-{original}-{on}", f"-{amount}", on=on, reverses=original)
        self._take(fact)

    @rule(who=customers, share=st.integers(0, 10), version=st.integers(1, 9), amount=cents)
    def rule_on_shares(self, who: Customer, share: int, version: int, amount: str) -> None:
        part = Decimal(share) / 10
        shares = {"GZ": str(part), "SZ": str(1 - part)}
        growing = {"GZ-TH": "1"} if share % 2 else None
        fact = split(who, shares, version=version, increment=growing, base_amount=amount)
        self._take(fact)

    @rule(who=customers, number=numbers, amount=cents, on=days, term=st.integers(0, 30))
    def raise_charge(self, who: Customer, number: int, amount: str, on: date, term: int) -> None:
        due = on + timedelta(days=term)
        ref = f"C-{who.code}-{number}"
        self._take(charge(who, ref, amount, issued=on, due=due, rate="0.06"))

    @rule(who=customers, number=numbers, amount=st.none() | cents, on=days)
    def cancel_charge(self, who: Customer, number: int, amount: str | None, on: date) -> None:
        self._take(cancelled(f"X-{on}-{number}", f"C-{who.code}-{number}", amount, on=on))

    @rule(who=customers, number=numbers, amount=cents, on=days, is_named=st.booleans())
    def pay(self, who: Customer, number: int, amount: str, on: date, *, is_named: bool) -> None:
        names = (f"C-{who.code}-{number}",) if is_named else ()
        self._take(payment(who, f"P-{who.code}-{number}", amount, *names, on=on))

    @rule(who=customers, number=numbers, amount=cents, on=days)
    def return_payment(self, who: Customer, number: int, amount: str, on: date) -> None:
        original = f"P-{who.code}-{number}"
        self._take(payment(who, f"PB-{original}-{on}", f"-{amount}", reverses=original, on=on))

    @rule(who=customers, number=numbers, amount=cents, on=days, kind=st.sampled_from(OpeningKind))
    def state_opening(
        self, who: Customer, number: int, amount: str, on: date, kind: OpeningKind
    ) -> None:
        self._take(opening(who, f"O-{who.code}-{number}", amount, on=on, kind=kind))

    @rule(who=customers, number=numbers, amount=cents, on=days, kind=st.sampled_from(OpeningKind))
    def take_back_opening(
        self, who: Customer, number: int, amount: str, on: date, kind: OpeningKind
    ) -> None:
        ref = f"O-{who.code}-{number}"
        fact = opening(who, f"OB-{ref}-{on}", f"-{amount}", on=on, kind=kind, reverses=ref)
        self._take(fact)

    @rule(number=numbers, on=days)
    def take_deposit(self, number: int, on: date) -> None:
        taken = self._try(partial(small, self.work, room=f"B1-{number}", on=on))
        if isinstance(taken, Deposit):
            self.deposits.append(taken)

    @rule(ending=st.sampled_from(Ending))
    def end_deposit(self, ending: Ending) -> None:
        for deposit in self.deposits:
            self.runner.run(enter(self.work, CITY_DIRECTOR))
            end = CloseDeposit(deposit.deposit_id, deposit.version, ending, "…")
            self._try(partial(close_deposit.handle, self.work, end))
        self.deposits.clear()

    @rule(on=days)
    def let_fees_grow(self, on: date) -> None:
        for sweep in (sweep_accounts.overdue, sweep_accounts.late_fees_grow):
            self._try(partial(sweep, self.work, on))

    @rule()
    def close_the_next_month(self) -> None:
        self.runner.run(enter(self.work, FINANCE))
        month = following(self.closed[-1].month) if self.closed else date(2025, 12, 1)
        closing = self._try(partial(close_month.handle, self.work, CloseMonth(month)))
        if isinstance(closing, Closing):
            self.closed.append(closing)

    @invariant()
    def the_books_balance(self) -> None:
        """The trial balance is zero, and whatever is kept is the sum of its postings."""
        self.runner.run(self._check())

    async def _check(self) -> None:
        await check_books(self.work)
        assert sum((await balances(self.work)).values()) == 0
        for closing in self.closed:
            assert await months.closing(self.work, closing.month) == closing
        rows = await self.work.rows("SELECT customer_key, account, version FROM balances")
        versions = {(row["customer_key"], row["account"]): row["version"] for row in rows}
        assert all(versions[key] >= version for key, version in self.versions.items())
        self.versions = versions
        misplaced = await self.work.value(
            "SELECT count(*) FROM journal WHERE booked_on IS NOT NULL"
            " AND (extract(day FROM booked_on) <> 1 OR booked_on <= event_on)"
        )
        assert misplaced == 0, "what comes late is in the books on the first open day"


def test_whatever_happens_next_the_ledger_balances_b_34(settings: Settings) -> None:
    machine = type("Machine", (LedgerMachine,), {"settings": settings})
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        ),
    )
