"""YAML as people mean it."""

from __future__ import annotations

from datetime import date

import pytest

from shared.yaml_text import YAMLError, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("0123", "0123"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01 10:00", "2026-03-01 10:00"),
        ("大客户", "大客户"),
    ],
)
def test_a_scalar_is_what_a_person_reads(text: str, value: object) -> None:
    assert read_yaml(f"value: {text}") == {"value": value}


def test_a_key_called_on_stays_text() -> None:
    assert read_yaml("on: 1") == {"on": 1}


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(YAMLError):
        read_yaml("a: {")
