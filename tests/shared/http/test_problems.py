"""Whatever goes wrong leaves as problem+json in both languages, and nothing else leaves with it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
from fastapi import FastAPI

from shared.http.edge import MAX_BODY_BYTES
from tests.shared.http.conftest import Asking
from tests.support import cast


def _problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, object] = answer.json()
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert " / " in str(problem["title"])
    assert len(str(problem["trace_id"])) == 32
    return problem


async def test_a_refusal_names_its_rule_the_field_and_what_was_seen(
    asking: Asking, note: dict[str, str]
) -> None:
    answer = await asking(cast.MANAGER_A).post("/v1/notes", json=note | {"worth": "1000000"})
    problem = _problem(answer, 422, "note-too-dear")
    assert problem["title"] == "笔记过贵 / Note too dear"
    assert problem["detail"] == "太贵 / too dear"
    assert problem["rule"] == "N-01"
    assert problem["errors"] == [{"pointer": "/worth", "detail": "太贵 / too dear"}]
    assert problem["facts"] == {"limit": 1_000_000}
    assert problem["translations"] == {
        "zh": {"title": "笔记过贵", "detail": "太贵"},
        "en": {"title": "Note too dear", "detail": "too dear"},
    }


async def test_every_wrong_field_is_named(asking: Asking, note: dict[str, str]) -> None:
    body = {**note, "worth": 10.5, "written_on": "16.3.2026", "colour": "red"}
    del body["text"]
    answer = await asking(cast.MANAGER_A).post("/v1/notes", json=body)
    problem = _problem(answer, 422, "invalid-input")
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {error["pointer"] for error in errors} == {"/worth", "/written_on", "/colour", "/text"}
    assert all(" / " in error["detail"] for error in errors)


async def test_a_wrong_path_parameter_and_a_wrong_query_parameter_are_told_apart(
    asking: Asking,
) -> None:
    client = asking(cast.MANAGER_A)
    errors = _problem(await client.get("/v1/notes/seven"), 422, "invalid-input")["errors"]
    assert isinstance(errors, list) and errors[0]["path"] == "note_id"
    answer = await client.get("/v1/notes", params={"page_size": 201})
    errors = _problem(answer, 422, "invalid-input")["errors"]
    assert isinstance(errors, list) and errors[0]["parameter"] == "page_size"


async def test_a_query_parameter_with_one_value_is_given_once(asking: Asking) -> None:
    answer = await asking(cast.MANAGER_A).get("/v1/notes?page_size=2&page_size=3")
    problem = _problem(answer, 422, "repeated-parameter")
    assert problem["facts"] == {"repeated": ["page_size"]}


async def test_an_unknown_query_parameter_is_named(asking: Asking) -> None:
    answer = await asking(cast.MANAGER_A).get("/v1/notes", params={"written": "2026-03-16"})
    problem = _problem(answer, 422, "unknown-parameter")
    assert "written" in str(problem["detail"])
    assert problem["facts"] == {
        "unknown": ["written"],
        "known": ["page_size", "page_token", "written_on"],
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/notes/", 404, "not-found"),
        ("PATCH", "/v1/notes", 405, "method-not-allowed"),
        ("GET", "/v1/notes/broken", 500, "internal-error"),
        ("GET", "/v1/notes/0198a000-0000-7000-8000-000000000000", 404, "not-found"),
    ],
)
async def test_errors_of_the_framework_are_problems_too(
    asking: Asking, method: str, path: str, status: int, code: str
) -> None:
    _problem(await asking(cast.MANAGER_A).request(method, path), status, code)


async def test_the_text_of_an_exception_stays_inside(asking: Asking) -> None:
    answer = await asking(cast.MANAGER_A).get("/v1/notes/broken")
    assert "12345" not in answer.text
    assert "RuntimeError" not in answer.text


async def test_a_read_cannot_write(asking: Asking) -> None:
    _problem(await asking(cast.MANAGER_A).get("/v1/notes/writing"), 500, "internal-error")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "", "application/json; charset=gbk"]
)
async def test_a_body_that_is_not_said_to_be_json_is_refused(
    asking: Asking, note: dict[str, str], kind: str
) -> None:
    client = asking(cast.MANAGER_A)
    headers = {"content-type": kind} if kind else {}
    answer = await client.post("/v1/notes", content=b'{"text": "x"}', headers=headers)
    _problem(answer, 415, "unsupported-media-type")


async def test_json_that_is_broken_is_a_problem(asking: Asking) -> None:
    answer = await asking(cast.MANAGER_A).post(
        "/v1/notes", content=b'{"text": ', headers={"content-type": "application/json"}
    )
    _problem(answer, 422, "invalid-input")


async def test_nul_which_cannot_be_stored_is_refused_by_name(
    asking: Asking, note: dict[str, str]
) -> None:
    answer = await asking(cast.MANAGER_A).post("/v1/notes", json=note | {"text": "a\x00b"})
    errors = _problem(answer, 422, "invalid")["errors"]
    assert isinstance(errors, list) and errors[0]["pointer"] == "/text"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"text": "\\ud800"}', 422, "invalid"),
        (b'{"text": "\\u', 422, "invalid-input"),
        (b'{"text": "\xff"}', 400, "bad-request"),
        (b"[" * 100_000, 400, "bad-request"),
    ],
)
async def test_what_is_no_text_is_refused(
    asking: Asking, body: bytes, status: int, code: str
) -> None:
    headers = {"content-type": "application/json"}
    answer = await asking(cast.MANAGER_A).post("/v1/notes", content=body, headers=headers)
    _problem(answer, status, code)


async def test_a_backslash_before_u0000_is_ordinary_text(
    asking: Asking, note: dict[str, str]
) -> None:
    answer = await asking(cast.MANAGER_A).post("/v1/notes", json=note | {"text": "\\u0000"})
    assert answer.status_code == 201
    assert answer.json()["text"] == "\\u0000"


async def test_a_body_at_the_limit_is_read_and_one_byte_more_is_refused(asking: Asking) -> None:
    client = asking(cast.MANAGER_A)
    client.headers["content-type"] = "application/json"
    at_limit = await client.post("/v1/notes", content=b" " * MAX_BODY_BYTES)
    _problem(at_limit, 422, "invalid-input")
    over = await client.post("/v1/notes", content=b" " * (MAX_BODY_BYTES + 1))
    _problem(over, 413, "content-too-large")


async def test_a_body_in_chunks_is_counted_as_it_arrives(asking: Asking) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 65536

    client = asking(cast.MANAGER_A)
    answer = await client.post(
        "/v1/notes", content=chunks(), headers={"content-type": "application/json"}
    )
    _problem(answer, 413, "content-too-large")


async def test_the_trace_of_the_caller_is_continued_and_shown(asking: Asking) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await asking(cast.MANAGER_A).get(
        "/v1/nothing",
        headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "x-correlation-id": "order-7"},
    )
    assert answer.json()["trace_id"] == trace
    assert answer.headers["x-correlation-id"] == "order-7"


async def test_a_fact_that_a_request_causes_carries_its_trace(app: FastAPI, asking: Asking) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "x-correlation-id": "order-8"}
    answer = await asking(cast.MANAGER_A).post("/v1/notes/announce", headers=headers)
    assert answer.status_code == 202
    async with app.state.process.works.begin() as work:
        body = orjson.loads(await work.value("SELECT body FROM kit.outbox"))
    assert body["correlationid"] == "order-8"
    _, trace_id, span_id, flags = body["traceparent"].split("-")
    assert (trace_id, flags) == (trace, "01")
    assert span_id != "00f067aa0ba902b7"


@pytest.mark.parametrize("malformed", ["", "00-0-0-0", "x" * 500, "00-" + "0" * 32 + "-1-00"])
async def test_a_malformed_trace_begins_a_new_one(asking: Asking, malformed: str) -> None:
    answer = await asking().get(
        "/v1/nothing", headers={"traceparent": malformed, "x-correlation-id": "二 three"[2:] * 99}
    )
    assert len(answer.json()["trace_id"]) == 32
    assert answer.headers["x-correlation-id"] == answer.json()["trace_id"]


async def test_a_problem_can_be_looked_up(asking: Asking) -> None:
    answer = await asking().get("/problems/note-too-dear")
    assert answer.json() == {
        "code": "note-too-dear",
        "status": 422,
        "rule": "N-01",
        "title_zh": "笔记过贵",
        "title_en": "Note too dear",
        "explanation": "No note is worth a million (N-01).",
    }
    _problem(await asking().get("/problems/no-such"), 404, "not-found")
