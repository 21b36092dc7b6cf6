"""The generated document holds against the official schema of AsyncAPI 3.0.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from shared.contracts.publication.files import ASYNCAPI

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = Path(__file__).parent / "asyncapi" / "3.0.0.json"


@pytest.fixture(scope="module")
def official() -> jsonschema_rs.Validator:
    """The official schema; the parts that it refers to are inside it."""
    return jsonschema_rs.validator_for(json.loads(OFFICIAL.read_text(encoding="utf-8")))


@pytest.fixture
def document() -> dict[str, Any]:
    """The document that is kept in the repository."""
    content: dict[str, Any] = json.loads((ROOT / ASYNCAPI).read_text(encoding="utf-8"))
    return content


def test_the_document_is_valid(official: jsonschema_rs.Validator, document: dict[str, Any]) -> None:
    assert [error.message for error in official.iter_errors(document)] == []


def test_a_document_with_a_planted_fault_is_not(
    official: jsonschema_rs.Validator, document: dict[str, Any]
) -> None:
    operation = next(iter(document["operations"].values()))
    operation["action"] = "publish"
    assert not official.is_valid(document)


def test_a_planted_fault_deep_in_a_message_is_found(
    official: jsonschema_rs.Validator, document: dict[str, Any]
) -> None:
    message = next(iter(document["components"]["messages"].values()))
    message["payload"] = {"type": "nonsense"}
    assert not official.is_valid(document)
