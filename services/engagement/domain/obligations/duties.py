"""Duties: what follows from the facts about a customer, whatever order they came in.

A duty of a calendar period is governed by the tier and the plan of the period's first day: who is
promoted in the middle of a month owes more from the next month on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.engagement.domain.accounts.accounts import (
    CustomerFacts,
    ManagersSince,
    Standing,
    standing,
)
from services.engagement.domain.accounts.dated import turning_points, valid_on
from services.engagement.domain.obligations.cadence import CadenceRow, Contact, Holder, PlanSince
from services.engagement.domain.obligations.periods import Period, Span, Unit, calendar_spans

_DAY = timedelta(days=1)
_CALENDAR = tuple(unit for unit in Unit if unit is not Unit.DAYS)


@dataclass(frozen=True)
class Duty:
    """What one role owes one customer in one period, and which visits answered it (C7).

    `unit` and the managers are those who answered for the customer when it fell due, or do now;
    `holder` is the manager who has the role, where one person does.
    """

    customer_key: UUID
    code: str
    role: str
    channel: str
    target_levels: tuple[str, ...]
    period: Period
    first_on: date
    due_on: date
    minimum: int
    maximum: int | None
    scheme: str
    tier: str | None
    specialty_class: str | None
    visit_class: str | None
    plan_version: int
    unit: str | None
    manager_a: str | None
    manager_b: str | None
    holder: str | None
    visit_ids: tuple[UUID, ...]
    met_on: date | None

    @property
    def count(self) -> int:
        """How many contacts counted."""
        return len(self.visit_ids)

    @property
    def is_met(self) -> bool:
        """Whether the minimum was reached."""
        return self.count >= self.minimum

    @property
    def is_over_maximum(self) -> bool:
        """Whether the customer was visited more often than wanted: shown, never forbidden."""
        return self.maximum is not None and self.count > self.maximum


@dataclass(frozen=True)
class Horizon:
    """From which business date duties are kept, and which business date was reached.

    Periods that begin within `days_ahead` of it are opened already, so that they can be planned.
    """

    begun_on: date
    reached_on: date
    days_ahead: int = 0

    @property
    def opens_until(self) -> date:
        """The last first day of periods that are opened."""
        return self.reached_on + timedelta(days=self.days_ahead)


@dataclass(frozen=True)
class _Rule:
    """One row of one version of the plan, as it applies to this customer from some day on."""

    row: CadenceRow
    plan: PlanSince
    standing: Standing


def derive(facts: CustomerFacts, plans: Sequence[PlanSince], horizon: Horizon) -> list[Duty]:
    """Every duty whose period began within `horizon`, by code and first day.

    It depends on the set of facts alone; a fact that is known twice changes nothing.
    """
    calendar = _calendar_duties(facts, plans, horizon)
    duties = [*calendar, *_rolling_duties(facts, plans, horizon)]
    return sorted(duties, key=lambda duty: (duty.code, duty.first_on))


def _calendar_duties(
    facts: CustomerFacts, plans: Sequence[PlanSince], horizon: Horizon
) -> Iterator[Duty]:
    for unit in _CALENDAR:
        for span in calendar_spans(unit, horizon.begun_on, horizon.opens_until):
            known_until = min(span.last_on, horizon.reached_on)
            is_active = facts.is_active_throughout(span.first_on, known_until)
            for rule in _rules_on(facts, plans, span.first_on):
                if rule.row.period.unit is unit:
                    duty = _duty(facts, rule, span, _counting(facts, rule, span), horizon)
                    if is_active or duty.is_met:
                        yield duty


def _rolling_duties(
    facts: CustomerFacts, plans: Sequence[PlanSince], horizon: Horizon
) -> Iterator[Duty]:
    codes = {row.code for version in plans for row in version.plan.rows if row.period.is_rolling}
    for code in sorted(codes):
        for rule, stretch in _stretches(facts, plans, horizon, code):
            yield from _chain(facts, rule, stretch, horizon)


def _stretches(
    facts: CustomerFacts, plans: Sequence[PlanSince], horizon: Horizon, code: str
) -> Iterator[tuple[_Rule, Span]]:
    """The stretches of days through which the row `code` applies, unchanged, to the customer."""
    begun_on, opens_until = horizon.begun_on, horizon.opens_until
    histories = (facts.tiers, facts.classes, plans)
    days = sorted(
        {begun_on}.union(
            facts.ends_of_activity(begun_on, opens_until),
            *(turning_points(kept, begun_on, opens_until) for kept in histories),
        )
    )
    current: _Rule | None = None
    since = begun_on
    for day in days:
        found = next((r for r in _rules_on(facts, plans, day) if r.row.code == code), None)
        if current is not None and found is not None and found.row == current.row:
            continue
        if current is not None:
            yield current, Span(since, day - _DAY)
        current, since = found, day
    if current is not None:
        yield current, Span(since, date.max)


def _chain(facts: CustomerFacts, rule: _Rule, stretch: Span, horizon: Horizon) -> Iterator[Duty]:
    """One duty after the other: each is counted from the contact that met the last one (C13)."""
    days = timedelta(days=rule.row.period.days or 0)
    first_on, due_on = stretch.first_on, stretch.first_on + days
    while first_on <= min(stretch.last_on, horizon.opens_until):
        within = Span(first_on, min(due_on, stretch.last_on))
        contacts = _counting(facts, rule, within)[:1]
        if contacts or due_on <= stretch.last_on:
            yield _duty(facts, rule, Span(first_on, due_on), contacts, horizon)
        last_on = contacts[0].on if contacts else due_on
        first_on, due_on = last_on + _DAY, last_on + days


def _rules_on(facts: CustomerFacts, plans: Sequence[PlanSince], day: date) -> Iterator[_Rule]:
    version = valid_on(plans, day)
    place = standing(facts, version.plan, day) if version else None
    if version is not None and place is not None:
        for row in place.rows:
            yield _Rule(row, version, place)


def _counting(facts: CustomerFacts, rule: _Rule, span: Span) -> list[Contact]:
    counting = {
        contact.visit_id: contact
        for contact in facts.contacts
        if span.contains(contact.on) and rule.plan.plan.counts(contact, rule.row)
    }
    return sorted(counting.values(), key=lambda contact: (contact.started_at, contact.visit_id))


def _duty(
    facts: CustomerFacts, rule: _Rule, span: Span, contacts: list[Contact], horizon: Horizon
) -> Duty:
    row, place = rule.row, rule.standing
    answers_on = min(span.last_on, horizon.reached_on)
    owner = valid_on(facts.owners, answers_on)
    managers = valid_on(facts.managers, answers_on)
    return Duty(
        customer_key=facts.customer_key,
        code=row.code,
        role=row.role,
        channel=row.channel,
        target_levels=row.target_levels,
        period=row.period,
        first_on=span.first_on,
        due_on=span.last_on,
        minimum=row.minimum,
        maximum=row.maximum,
        scheme=rule.plan.plan.scheme,
        tier=place.tier,
        specialty_class=place.specialty_class,
        visit_class=place.visit_class,
        plan_version=rule.plan.version,
        unit=owner.unit if owner else None,
        manager_a=managers.a if managers else None,
        manager_b=managers.b if managers else None,
        holder=_holder(rule, managers),
        visit_ids=tuple(contact.visit_id for contact in contacts),
        met_on=contacts[row.minimum - 1].on if len(contacts) >= row.minimum else None,
    )


def _holder(rule: _Rule, managers: ManagersSince | None) -> str | None:
    if managers is None:
        return None
    match rule.plan.plan.duty_role(rule.row.role).holder:
        case Holder.A:
            return managers.a
        case Holder.B:
            return managers.b
        case Holder.LEAD:
            return managers.lead
        case None:
            return None
