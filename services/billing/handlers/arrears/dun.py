"""Sweep: ask for what is due or soon will be, step by step, and take back what was wrong (B-13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from services.billing.domain.arrears.dunning import DunningRules
from services.billing.storage.arrears import dunning, dunning_steps
from services.billing.storage.arrears.dunning import Letter
from services.billing.storage.arrears.dunning_steps import Reached
from services.billing.storage.receivables import portions
from shared import policy
from shared.contracts.billing import DunningRaised, DunningWithdrawn
from shared.contracts.envelope import Entity, MoneyAmount, PolicyRef
from shared.identifiers import derived_id
from shared.policy import NoPolicyInForce, Versioned
from shared.sweeps import Portion, at_once
from shared.work import Work

_OPEN_ITEMS = 10_000
"""About so many in a portion."""


async def handle(work: Work, on: date) -> int:
    """Dun everybody in one transaction; returns how many letters changed."""
    return await at_once(portion, work, on)


async def portion(work: Work, on: date, after: UUID | None) -> Portion:
    """Sweep: withdraw what the ledger does not bear out, then take every step that is due on `on`.

    Of the next customers, whose accounts are held; counts the letters that changed. A site without
    dunning rules duns nobody.
    """
    customers = await portions.next_portion(work, after, _OPEN_ITEMS)
    rules = await _rules(work, on)
    await dunning_steps.lock(work, customers, on)
    changed = await dunning.withdraw(work, await dunning_steps.mistaken(work, customers), on)
    sent: list[Letter] = []
    if rules is not None:
        reached = await dunning_steps.reached(work, rules.body, customers, on)
        sent = await dunning.add(work, _written(reached, rules, on), on, rules.version)

    for letter in (*changed, *sent):
        work.publish(_told(letter, on, work.currency))
    return Portion(len(changed) + len(sent), customers.reached)


async def _rules(work: Work, on: date) -> Versioned[DunningRules] | None:
    try:
        return (await policy.timeline(work, DunningRules)).on(on)
    except NoPolicyInForce:
        return None


def _written(reached: Sequence[Reached], rules: Versioned[DunningRules], on: date) -> list[Letter]:
    """One letter for each customer and level."""
    return [
        Letter(
            dunning_id=_id(customer_key, level, on),
            customer_key=customer_key,
            level=level,
            step=rules.body.steps[level - 1].step,
            raised_on=on,
            policy_version=rules.version,
            version=1,
            items=tuple(item for _, _, item in named),
        )
        for (customer_key, level), named in groupby(reached, key=lambda each: each[:2])
    ]


def _id(customer_key: UUID, level: int, on: date) -> UUID:
    return derived_id("dunning", customer_key, str(level), on.isoformat())


def _told(letter: Letter, on: date, currency: str) -> DunningRaised | DunningWithdrawn:
    said = {
        "entity": Entity(type="dunning", id=str(letter.dunning_id), version=letter.version),
        "customer_key": letter.customer_key,
        "as_of": on,
        "policy": PolicyRef(name=DunningRules.policy_name, version=letter.policy_version),
        "inputs": {
            "raised_on": letter.raised_on.isoformat(),
            "days_overdue": (letter.raised_on - letter.oldest_due_on).days,
            "instalments": len(letter.items),
        },
        "dunning_id": letter.dunning_id,
        "receivables": tuple(dict.fromkeys(item.charge_id for item in letter.items)),
        "level": letter.level,
        "step": letter.step,
        "overdue": MoneyAmount(amount=letter.overdue, currency=currency),
        "oldest_due_on": letter.oldest_due_on,
    }
    if letter.withdrawn_because is None:
        return DunningRaised.model_validate(said)
    return DunningWithdrawn.model_validate({**said, "reason": letter.withdrawn_because.value})
