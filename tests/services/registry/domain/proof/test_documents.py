"""R-26: an approval is blocked while a document that policy demands is missing or expired."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.proof.documents import (
    Document,
    DocumentRule,
    DocumentsLacking,
    InvalidDocument,
    Lack,
    RequiredDocuments,
    Shortcoming,
    WaiverNotAllowed,
    lacking,
    months_before,
    register,
    require_documents,
    require_waivable,
)
from services.registry.domain.register.customers import Customer, CustomerKind

DAY = date(2026, 3, 1)
LICENCE = DocumentRule("licence", "营业执照", "licence", inspected_within_months=12)
PLAN = DocumentRule("plan", "平面图", "site plan", is_waivable=True)
ASSESSMENT = DocumentRule(
    *("assessment", "环评", "assessment"), industries=("钢铁",), traits=("high-energy",)
)
POLICY = RequiredDocuments((LICENCE, PLAN, ASSESSMENT), ("director",))


def customer(**others: Any) -> Customer:
    return Customer(UUID(int=1), "某厂", CustomerKind.COMMERCIAL, "440106", "GZ", DAY, **others)


def document(kind: str, **others: Any) -> Document:
    return Document(UUID(int=2), UUID(int=1), kind, "档案室", "S-1", DAY, **others)


def found(*documents: Document, of: Customer | None = None, waived: tuple[str, ...] = ()) -> Any:
    lacks = lacking(POLICY, of or customer(), documents, waived, DAY)
    return [(lack.rule.document, lack.shortcoming.value) for lack in lacks]


def test_r26_whatever_is_missing_is_named_at_once() -> None:
    assert found() == [("licence", "missing"), ("plan", "missing")]


def test_r26_high_energy_customers_show_more_by_trait_or_by_industry() -> None:
    for more in (customer(traits=("high-energy",)), customer(industry="钢铁冶炼")):
        assert ("assessment", "missing") in found(of=more)
    for same in (customer(traits=("dual-source",)), customer(industry="纺织")):
        assert ("assessment", "missing") not in found(of=same)


@pytest.mark.parametrize(
    ("valid_until_on", "shortcoming"),
    [(date(2026, 2, 28), "expired"), (date(2026, 3, 1), None), (None, None)],
)
def test_r26_a_document_is_good_on_its_last_day_and_not_after(
    valid_until_on: date | None, shortcoming: str | None
) -> None:
    told = dict(found(document("plan", valid_until_on=valid_until_on)))
    assert told.get("plan") == shortcoming


@pytest.mark.parametrize(
    ("dates", "shortcoming"),
    [
        ({"inspected_on": date(2025, 3, 1)}, None),
        ({"inspected_on": date(2025, 2, 28)}, "not-inspected"),
        ({"issued_on": date(2025, 3, 1)}, None),
        ({"issued_on": date(2025, 2, 28)}, "not-inspected"),
        ({"issued_on": date(2010, 1, 1), "inspected_on": date(2026, 1, 5)}, None),
        ({}, "not-inspected"),
        ({"issued_on": date(2026, 3, 2)}, "not-yet-issued"),
    ],
)
def test_r26_a_licence_is_inspected_within_the_year(
    dates: dict[str, date], shortcoming: str | None
) -> None:
    assert dict(found(document("licence", **dates))).get("licence") == shortcoming


def test_r26_of_a_kind_the_document_registered_last_counts() -> None:
    good, ended = document("plan"), document("plan", valid_until_on=date(2026, 1, 1))
    assert "plan" not in dict(found(ended, good))
    assert dict(found(good, ended))["plan"] == "expired"


def test_r26_what_was_waived_is_not_asked_for() -> None:
    assert found(waived=("plan",)) == [("licence", "missing")]


def test_r26_a_rule_may_be_for_one_kind_of_customers() -> None:
    rule = DocumentRule("letter", "函", "letter", customer_kinds=("policy",))
    policy = RequiredDocuments((rule,), ())
    assert lacking(policy, customer(), (), (), DAY) == ()


def test_r26_the_refusal_lists_everything_with_the_policy_version() -> None:
    require_documents((), 3, DAY)
    lacks = (Lack(LICENCE, Shortcoming.MISSING), Lack(PLAN, Shortcoming.EXPIRED, DAY))
    with pytest.raises(DocumentsLacking) as refusal:
        require_documents(lacks, 3, DAY)
    facts: Any = refusal.value.facts
    assert [each["document"] for each in facts["lacking"]] == ["licence", "plan"]
    assert facts["policy_version"] == 3
    assert "营业执照缺失" in refusal.value.detail_zh


def test_r26_only_what_policy_lets_go_is_waived_and_only_by_whom_it_names() -> None:
    director = Actor("S-D", "GZ", frozenset({"director"}))
    assert require_waivable(POLICY, "plan", director) == PLAN
    clerk = Actor("S-C", "GZ", frozenset({"customer_administrator"}))
    for name, by in (("licence", director), ("unheard-of", director), ("plan", clerk)):
        with pytest.raises(WaiverNotAllowed):
            require_waivable(POLICY, name, by)


@pytest.mark.parametrize(
    "dates",
    [
        {"issued_on": date(2026, 3, 2)},
        {"inspected_on": date(2026, 3, 2)},
        {"issued_on": date(2026, 2, 1), "valid_until_on": date(2026, 1, 31)},
    ],
)
def test_a_document_whose_dates_contradict_each_other_is_refused(dates: dict[str, date]) -> None:
    with pytest.raises(InvalidDocument):
        register(document("plan", **dates))


def test_a_document_of_one_day_is_a_document() -> None:
    one_day = document("plan", issued_on=DAY, valid_until_on=DAY, inspected_on=DAY)
    assert register(one_day) == one_day


def test_months_before_the_last_of_a_month_end_with_the_shorter_month() -> None:
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
