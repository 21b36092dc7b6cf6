"""Every route with every role, and the rows of another unit: none is shown, none is touched."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
import structlog

from deploy.local.servers import EmbeddedPostgres
from shared.auth import DevelopmentIssuer
from shared.service import Service
from tests.scenarios import strange_rows
from tests.scenarios.answers import read
from tests.scenarios.example_bodies import example
from tests.scenarios.served import EVERYBODY, SERVICES, STRANGERS, Served, served
from tests.support.databases import Databases

WITHOUT_CUSTOMERS: dict[str, frozenset[str]] = {
    "registry": frozenset(
        {"branch_sequences", "division_corrections", "division_sequences", "region_classes"}
        | {"sharing_terms", "units"}
    ),
    "tiering": frozenset({"schemes", "score_runs"}),
    "engagement": frozenset(),
    "billing": frozenset({"accounts", "closed_months", "control_totals", "controlled_facts"}),
}
"""Tables that hold nothing of any customer or unit, so that everybody may read them."""

BY_PERMISSION = {
    "/v1/customers/{customer_key}/documents/{document_id}/number",
    "/v1/customers/{customer_key}/flags/{flag_id}/said",
}
"""What no role opens, only a permission that somebody gave (R-70)."""

_ATTEMPT = "%refused-read%"
"""What the log keeps of strangers who looked for Guangzhou's archives: just that (X-08)."""

_PUBLIC = ("/health/", "/metrics", "/problems/")
_COMMANDS = {"post", "put", "patch", "delete"}


@pytest.fixture(scope="module", params=SERVICES, ids=lambda service: service.name)
async def asked(
    request: pytest.FixtureRequest,
    databases: Databases,
    postgres_server: EmbeddedPostgres,
    issuer: DevelopmentIssuer,
) -> AsyncIterator[Served]:
    """Every service in turn, served, with a row of Guangzhou in every protected table."""
    service: Service = request.param
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    await databases.template(service)
    with databases.copy(service) as database:
        with _superuser(postgres_server, database) as server:
            strange_rows.put_everywhere(server)
        async with served(service, database, issuer) as running:
            yield running
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def server(asked: Served, postgres_server: EmbeddedPostgres) -> Iterator[strange_rows.Connection]:
    """The database of the service, as superuser."""
    with _superuser(postgres_server, asked.database) as connection:
        yield connection


@pytest.fixture(scope="module")
def operations(asked: Served) -> list[tuple[str, str, dict[str, Any]]]:
    """Every route behind the door: method, path, and what OpenAPI says of it."""
    document = httpx.get(f"{asked.url}/v1/openapi.json", timeout=60).json()
    return [
        (method, path, operation | {"components": document["components"]})
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not path.startswith(_PUBLIC)
    ]


@contextmanager
def _superuser(server: EmbeddedPostgres, database: str) -> Iterator[strange_rows.Connection]:
    name = database.rpartition("/")[2]
    with psycopg.connect(server.url(name), autocommit=True) as connection:
        yield connection


def _visible(server: strange_rows.Connection, table: str, unit: str) -> int:
    with server.transaction(force_rollback=True):
        server.execute("SET LOCAL ROLE dakehu_reader")
        server.execute("SELECT kit.enter('somebody', %s, '2026-03-16')", [unit])
        seen = server.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    assert seen is not None
    return int(seen[0])


def test_every_table_is_protected_or_known_to_hold_nothing_of_a_customer(
    asked: Served, server: strange_rows.Connection
) -> None:
    found = strange_rows.tables(server)
    assert set(found.open) == set(WITHOUT_CUSTOMERS[asked.service.name])
    assert found.open_views == []


def test_the_second_lock_shows_the_row_to_its_unit_and_those_above_alone(
    asked: Served, server: strange_rows.Connection
) -> None:
    found = strange_rows.tables(server)
    seen = {
        table: tuple(_visible(server, table, unit) for unit in ("GZ", "GD", "SZ", "GZ-TH"))
        for table in found.protected
    }
    at_home = {table for table, (city, _, _, _) in seen.items() if city >= 1}
    assert at_home == set(found.protected), "a table whose rows nobody sees proves nothing"
    assert {table: units for table, units in seen.items() if units[2] or units[3]} == {}


async def test_without_a_token_there_is_no_answer(
    asked: Served, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    async with httpx.AsyncClient(base_url=asked.url) as client:
        for method, path, operation in operations:
            answer = await _ask(client, method, path, operation)
            assert answer.status_code == 401, (method, path)


async def test_a_route_takes_its_roles_and_no_others(
    asked: Served, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    limited = [each for each in operations if "x-roles" in each[2]]
    assert limited, "a service whose routes take any role has forgotten something"
    for person in STRANGERS:
        async with _client(asked, person) as client:
            for method, path, operation in limited:
                answer = await _ask(client, method, path, operation)
                is_refused = "/problems/role-missing" in read(answer)
                may = person.roles[0] in operation["x-roles"]
                assert is_refused is not may, (person.roles, method, path, read(answer))


async def test_no_route_shows_or_touches_the_row_of_another_unit(
    asked: Served,
    operations: list[tuple[str, str, dict[str, Any]]],
    server: strange_rows.Connection,
) -> None:
    before = _rows_of_guangzhou(server)
    broken, told = set(), set()
    for person in STRANGERS:
        async with _client(asked, person) as client:
            for method, path, operation in operations:
                answer = await _ask(client, method, path, operation)
                if answer.status_code >= 500:
                    broken.add((method, path))
                if answer.is_success and _speaks_of_guangzhou(read(answer)):
                    told.add((person.roles, method, path))
    assert told == set()
    assert _rows_of_guangzhou(server) == before
    assert broken == set()


async def test_somebody_at_home_is_answered(
    asked: Served, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    """Else the tests above would pass on a service that refuses everybody."""
    async with _client(asked, EVERYBODY) as client:
        answers = {
            path: (await _ask(client, method, path, operation)).status_code
            for method, path, operation in operations
            if method == "get"
        }
    assert 200 in answers.values()
    refused = {path for path, status in answers.items() if status in (401, 403)}
    assert refused <= BY_PERMISSION


def _client(asked: Served, person: Any) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {asked.token(person)}", "if-match": '"1"'}
    return httpx.AsyncClient(base_url=asked.url, headers=headers, timeout=30)


async def _ask(
    client: httpx.AsyncClient, method: str, path: str, operation: dict[str, Any]
) -> httpx.Response:
    query: dict[str, str] = {}
    for parameter in operation.get("parameters", ()):
        value = _argument(parameter["name"], parameter["schema"], operation["components"])
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", value)
        elif parameter["in"] == "query" and parameter.get("required"):
            query[parameter["name"]] = value
    body = example(operation, _argument) if method in _COMMANDS else None
    headers = {"idempotency-key": f"{method}{path}".encode().hex()[-150:]}
    if body is None:
        return await client.request(method, path, params=query, headers=headers)
    content = json.dumps(body)
    headers["content-type"] = "application/json"
    return await client.request(method, path, params=query, headers=headers, content=content)


def _speaks_of_guangzhou(text: str) -> bool:
    return strange_rows.MARKER in text or strange_rows.CUSTOMER.name in text


def _argument(name: str, schema: dict[str, Any], _: dict[str, Any]) -> str:
    """What names the row of Guangzhou where a route asks for `name`."""
    if schema.get("format") == "uuid" or "uuid" in json.dumps(schema):
        return str(strange_rows.identifier(name))
    if schema.get("type") == "integer":
        return str(schema.get("minimum", 1))
    return strange_rows.UNIT if "unit" in name else "外市所写"


def _rows_of_guangzhou(server: strange_rows.Connection) -> dict[str, tuple[Any, ...] | None]:
    count = psycopg.sql.SQL(
        "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t"
        " WHERE t::text LIKE ANY (%s) AND t::text NOT LIKE %s"
    )
    found = strange_rows.tables(server)
    named = [f"%{strange_rows.MARKER}%", f"%{strange_rows.CUSTOMER.key}%"]
    return {
        table: server.execute(
            count.format(psycopg.sql.Identifier(table)), [named, _ATTEMPT]
        ).fetchone()
        for table in (*found.protected, *found.closed)
    }
