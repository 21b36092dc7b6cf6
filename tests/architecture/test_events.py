"""No event outside the catalogue: what is published and taken is a contract."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from shared.contracts import catalogue
from shared.contracts.envelope import Enterprise, Event
from shared.messaging.cloudevents import UnknownType, event_class
from shared.messaging.consumers import Consumers, each
from tests.architecture.sources import SERVICES, Source, python

BASES = {"Event", "Published", "Decision", "Enterprise", "FactRefusal"}
BASES |= {"CustomerFact", "CustomerDecision"}
SUBJECT = re.compile(r"(dakehu|enterprise)\.[a-z0-9-]+\.[a-z_]+\.v[0-9]+")


def events_made_elsewhere(source: Source) -> list[str]:
    """Event classes that a module outside shared/contracts defines for itself."""
    return [
        f"{source.name}:{node.lineno}: {node.name}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if (base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")) in BASES
    ]


def unknown_subjects(source: Source) -> list[str]:
    """Subjects that a module writes out and that the catalogue does not have."""
    return [
        f"{source.name}:{node.lineno}: {node.value}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if SUBJECT.fullmatch(node.value) and not _is_known(node.value)
    ]


def _is_known(subject: str) -> bool:
    try:
        event_class(subject)
    except UnknownType:
        return False
    return True


def unregistered(consumers: Consumers) -> list[str]:
    """Events that a service takes and the catalogue does not have."""
    known = set(catalogue.all_events())
    return [row.event.__name__ for row in consumers if row.event not in known]


def test_events_are_defined_in_the_contracts_only() -> None:
    sources = python("services", "shared", "deploy")
    elsewhere = [each for each in sources if not each.name.startswith("shared/contracts/")]
    assert [where for source in elsewhere for where in events_made_elsewhere(source)] == []


def test_every_subject_that_is_written_out_is_in_the_catalogue() -> None:
    sources = python("services", "shared", "deploy")
    assert [where for source in sources for where in unknown_subjects(source)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_takes_only_events_of_the_catalogue(service: str) -> None:
    assert unregistered(importlib.import_module(f"services.{service}.app").SERVICE.consumers) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_publishes_only_events_of_its_own(service: str) -> None:
    assert [
        where
        for source in python(f"services/{service}")
        for where in published_for_others(source, service)
    ] == []


def published_for_others(source: Source, service: str) -> list[str]:
    """Where a module makes a published event of another service in a `publish` call."""
    events = {event.__name__: event for event in catalogue.all_events()}
    found = []
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "publish" or not node.args or not isinstance(node.args[0], ast.Call):
            continue
        made = node.args[0].func
        name = made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")
        event = events.get(name)
        if event is not None and catalogue.publisher_of(event) not in (service, None):
            found.append(f"{source.name}:{node.lineno}: {name}")
    return found


def test_an_event_class_of_a_handlers_own_is_caught() -> None:
    text = "class DepositLost(envelope.Published):\n    subject = 'dakehu.billing.lost.v1'\n"
    planted = Source("services/billing/handlers/lose_deposit.py", text)
    assert len(events_made_elsewhere(planted)) == 1
    assert len(unknown_subjects(planted)) == 1


def test_an_unknown_major_is_caught() -> None:
    planted = Source("services/billing/app.py", "X = 'enterprise.erp.revenue_recorded.v9'")
    assert len(unknown_subjects(planted)) == 1
    assert unknown_subjects(Source("x.py", "X = 'enterprise.erp.revenue_recorded.v1'")) == []


def test_a_consumer_of_an_unregistered_event_is_caught() -> None:
    class PaymentDreamt(Enterprise):
        event_name = "payment_dreamt"

    async def handle(work: object, fact: object) -> None: ...

    row = each(PaymentDreamt, handle)
    assert unregistered(Consumers(row)) == ["PaymentDreamt"]
    assert issubclass(PaymentDreamt, Event)


def test_a_fact_published_in_anothers_name_is_caught() -> None:
    planted = Source("x.py", "work.publish(TierChanged(entity=entity))")
    assert len(published_for_others(planted, "billing")) == 1
    assert published_for_others(planted, "tiering") == []
