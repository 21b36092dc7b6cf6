"""What other systems may send, where it is more than its fields."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shared.contracts.enterprise import CustomerObserved, CustomerOpened, VisitReported


def test_an_observation_without_a_ref_takes_the_customers_code_as_ref() -> None:
    assert CustomerObserved.model_validate({"code": "C-1", "name": "广州某公司"}).ref == "C-1"
    observed = CustomerObserved.model_validate_json('{"code": "C-1", "name": "x", "ref": null}')
    assert observed.ref == "C-1"


def test_an_observation_with_a_ref_keeps_it_so_that_a_customer_can_be_observed_again() -> None:
    observed = CustomerObserved.model_validate({"ref": "O-2", "code": "C-1", "name": "x"})
    assert (observed.ref, observed.code) == ("O-2", "C-1")


def test_an_observation_without_a_code_is_refused_for_its_code() -> None:
    with pytest.raises(ValidationError) as refused:
        CustomerObserved.model_validate_json('{"name": "广州某公司"}')
    assert "code" in {error["loc"][0] for error in refused.value.errors()}


def test_an_empty_ref_is_refused() -> None:
    with pytest.raises(ValidationError):
        CustomerObserved.model_validate({"ref": "", "code": "C-1", "name": "x"})


def test_an_opening_register_says_so() -> None:
    opened = {"code": "C-1", "name": "x", "division_code": "440100", "owner_unit": "GZ"}
    assert CustomerOpened.model_validate({**opened, "opening": True})
    for wrong in ({}, {"opening": False}):
        with pytest.raises(ValidationError):
            CustomerOpened.model_validate({**opened, **wrong})


def test_a_visit_has_at_least_one_visitor() -> None:
    visit = {
        "ref": "V-1",
        "customer": {"system": "crm", "code": "C-1"},
        "kind": "dedicated",
        "target_person": {"level": "department-head"},
        "started_at": "2026-03-02T09:00:00+08:00",
        "content": "…",
    }
    assert VisitReported.model_validate({**visit, "visitors": ["G004"]})
    with pytest.raises(ValidationError):
        VisitReported.model_validate({**visit, "visitors": []})
