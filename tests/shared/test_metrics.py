"""Metrics: every one names its service, none names a customer or a person."""

from __future__ import annotations

import pytest
from prometheus_client.metrics import MetricWrapperBase

from shared import metrics

ALL = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
MAY_NOT_LABEL = {"customer", "customer_key", "customer_id", "ref", "staff", "staff_code", "name"}


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric._name)
def test_a_metric_is_labelled_by_service_and_by_nothing_unbounded(
    metric: MetricWrapperBase,
) -> None:
    assert metric._name.startswith("dakehu_")
    assert metric._labelnames[0] == "service"
    assert not MAY_NOT_LABEL & set(metric._labelnames)
