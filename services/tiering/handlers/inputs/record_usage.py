"""Usage that other systems meter: kWh, kVA, parcels, a credit grade (T-01, C1)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.tiering.domain.inputs.usage import Usage, objection
from services.tiering.storage.inputs import usage
from shared.contracts.enterprise import UsageRecorded
from shared.directory import customers
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[UsageRecorded]]) -> None:
    """Keep the readings of known customers; the others wait, and so do reversals of unknown ones.

    A reversal lowers what it takes back, in part up to the whole.
    """
    keys = await customers.resolve(work, [fact.data.customer for fact in facts])
    readings: list[tuple[Fact[UsageRecorded], Usage]] = []
    for fact, key in zip(facts, keys, strict=True):
        if key is None:
            work.wait(fact, "customer", customers.reference_key(fact.data.customer))
        else:
            readings.append((fact, _usage(fact, key)))

    originals = [reading for fact, reading in readings if fact.data.reverses is None]
    if originals:
        await usage.add(work, originals)
        await work.settle("usage", [_name(each.system, each.ref) for each in originals])

    reversals = [(fact, reading) for fact, reading in readings if fact.data.reverses is not None]
    if reversals:
        await _reverse(work, reversals)


async def _reverse(work: Work, reversals: list[tuple[Fact[UsageRecorded], Usage]]) -> None:
    names = {(each.system, each.reverses_ref or "") for _, each in reversals}
    await work.refer("usage", [_name(*name) for name in names])
    held = await usage.hold(work, names)
    taken = []
    for fact, reversal in sorted(reversals, key=lambda pair: pair[1].ref):
        name = (reversal.system, reversal.reverses_ref or "")
        assert fact.data.reverses is not None
        if name not in held:
            work.wait(fact, "usage", _name(*name))
            continue
        refusal = objection(held[name], reversal, fact.data.reverses.type)
        if refusal is not None:
            work.refuse(fact, refusal)
            continue
        held[name] = replace(held[name], net=held[name].net + reversal.value)
        taken.append((name, reversal))
    if taken:
        await usage.add(work, [reversal for _, reversal in taken])
        await usage.reduce(work, [held[name] for name in {name for name, _ in taken}])


def _usage(fact: Fact[UsageRecorded], customer_key: UUID) -> Usage:
    event = fact.data
    return Usage(
        system=fact.system,
        ref=event.ref,
        customer_key=customer_key,
        metric=event.metric,
        period=event.period,
        value=event.value,
        net=Decimal(0) if event.reverses else event.value,
        reverses_ref=event.reverses.ref if event.reverses else None,
        reported_at=fact.time,
    )


def _name(system: str, ref: str) -> str:
    return f"{system}:{ref}"
