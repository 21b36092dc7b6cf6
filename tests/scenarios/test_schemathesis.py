"""What OpenAPI says of a service is true: schemathesis asks every route, rightly and wrongly.

It asks with the token of somebody who has every role, so that every route is reached. Whether a
rule refuses what the form allows (409, 412, 422) is the rules' affair; a crash, an answer of a form
that was not promised, or a wrong form that is accepted is found here.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import structlog
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

from shared.auth import DevelopmentIssuer
from shared.service import Service
from tests.scenarios.served import EVERYBODY, SERVICES, Served, described, served
from tests.support.databases import Databases

_EXAMPLES = 10
_CONFIG: dict[str, Any] = {
    "cache": {"enabled": False},
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "403", "404", "409", "412", "422"],
        },
        "negative_data_rejection": {
            "expected-statuses": ["4xx"],
        },
        "missing_required_header": {"expected-statuses": ["400", "401", "422", "428"]},
    },
}


def _schema(service: Service) -> BaseSchema:
    with tempfile.TemporaryDirectory() as keys:
        document = described(service, Path(keys))
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(_CONFIG))


def _asks_every_route(service: Service) -> Any:
    @_schema(service).parametrize()
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def test(case: schemathesis.Case[Any], request: pytest.FixtureRequest) -> None:
        asked: Served = request.getfixturevalue(f"{service.name}_api")
        headers = {"Authorization": f"Bearer {asked.token(EVERYBODY)}"}
        case.call_and_validate(base_url=asked.url, headers=headers)

    return test


def _is_served(service: Service) -> Any:
    @pytest.fixture(scope="module", name=f"{service.name}_api")
    async def api(databases: Databases, issuer: DevelopmentIssuer) -> AsyncIterator[Served]:
        # A traceback printed for people takes seconds.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        await databases.template(service)
        with databases.copy(service) as database:
            async with served(service, database, issuer) as running:
                yield running
        structlog.reset_defaults()

    return api


registry_api, tiering_api, engagement_api, billing_api = map(_is_served, SERVICES)
test_registry_is_what_it_says, test_tiering_is_what_it_says = map(_asks_every_route, SERVICES[:2])
test_engagement_is_what_it_says, test_billing_is_what_it_says = map(_asks_every_route, SERVICES[2:])
