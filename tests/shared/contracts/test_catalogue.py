"""Every event is found, under one name, with one publisher."""

from __future__ import annotations

import importlib
import inspect
from pkgutil import iter_modules
from types import ModuleType
from typing import ClassVar

import pytest

from shared.contracts import catalogue, envelope
from shared.contracts.billing import RevenuePosted
from shared.contracts.enterprise import RevenueRecorded

PUBLISHERS = (catalogue.ENTERPRISE, *catalogue.SERVICES)


def test_a_fact_of_ours_is_found_by_its_subject() -> None:
    assert catalogue.by_subject("dakehu.billing.revenue_posted.v1") is RevenuePosted
    assert catalogue.by_subject("dakehu.billing.revenue_posted.v2") is None
    assert catalogue.by_subject("enterprise.revenue_recorded.v1") is None


def test_an_event_of_another_system_is_found_by_name_and_major() -> None:
    assert catalogue.enterprise_event("revenue_recorded", 1) is RevenueRecorded
    assert catalogue.enterprise_event("revenue_recorded", 2) is None
    assert catalogue.enterprise_event("revenue_posted", 1) is None


def test_both_are_found_by_their_type() -> None:
    assert catalogue.by_type("dakehu.billing.revenue_posted.v1") is RevenuePosted
    assert catalogue.by_type("enterprise.revenue_recorded.v1") is RevenueRecorded
    assert catalogue.by_type("nobody.knows.this.v1") is None


def test_every_event_is_listed_once_with_its_publisher() -> None:
    events = catalogue.all_events()
    assert len(set(events)) == len(events)
    publishers = {catalogue.publisher_of(event) for event in events}
    assert publishers == {*catalogue.SERVICES, catalogue.ENTERPRISE}


@pytest.mark.parametrize("service", catalogue.SERVICES)
def test_every_service_says_what_it_refuses(service: str) -> None:
    refused = catalogue.by_subject(f"dakehu.{service}.fact_refused.v1")
    assert refused is not None
    assert issubclass(refused, envelope.FactRefusal)


def test_an_event_is_called_like_its_class() -> None:
    for event in catalogue.all_events():
        name = catalogue.subject_of(event).split(".")[-2]
        assert "".join(word.capitalize() for word in name.split("_")) == event.__name__


def test_an_event_belongs_to_the_package_of_its_publisher() -> None:
    for event in catalogue.all_events():
        package, _, _ = event.__module__.rpartition(".")
        assert package == f"shared.contracts.{catalogue.publisher_of(event)}"


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_a_publishers_package_lists_every_module_of_its_events(publisher: str) -> None:
    package = importlib.import_module(f"shared.contracts.{publisher}")
    files = {f"{package.__name__}.{found.name}" for found in iter_modules(package.__path__)}
    assert sorted(module.__name__ for module in package.SUBJECTS) == sorted(files)


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_whatever_a_publisher_defines_is_imported_from_its_package(publisher: str) -> None:
    package = importlib.import_module(f"shared.contracts.{publisher}")
    defined = {
        name
        for module in package.SUBJECTS
        for name, member in vars(module).items()
        if inspect.isclass(member) and member.__module__ == module.__name__
        if not name.startswith("_")
    }
    assert set(package.__all__) == defined | {"SUBJECTS"}
    assert all(hasattr(package, name) for name in defined)


def test_two_classes_under_one_name_are_refused() -> None:
    module = ModuleType("planted")

    class First(envelope.Published):
        subject: ClassVar[str] = "dakehu.registry.planted.v1"

    class Second(envelope.Published):
        subject: ClassVar[str] = "dakehu.registry.planted.v1"

    for event in (First, Second):
        event.__module__ = module.__name__
        setattr(module, event.__name__, event)
    with pytest.raises(ValueError, match=r"First and Second are both dakehu\.registry\.planted"):
        catalogue.events_in(module)


def test_a_bare_event_has_no_subject() -> None:
    with pytest.raises(TypeError):
        catalogue.subject_of(envelope.Event)
