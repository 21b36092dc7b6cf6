"""R-21: what was written to the chain can be proved unchanged."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.proof.evidence_chain import EMPTY, Entry, Head, append, verify

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def chain(length: int) -> tuple[list[Entry], Head]:
    entries: list[Entry] = []
    head = EMPTY
    for number in range(length):
        entry = append(head, NOON, {"客户": f"第{number}家", "number": number})
        entries.append(entry)
        head = Head(entry.sequence, entry.hash)
    return entries, head


def test_an_untouched_chain_is_intact() -> None:
    entries, head = chain(5)
    report = verify(entries, head)
    assert report.is_intact
    assert (report.entries, report.head) == (5, head.hash)
    assert verify([], EMPTY).is_intact


def test_the_same_records_make_the_same_chain() -> None:
    assert chain(3) == chain(3)


@given(st.integers(0, 6), st.sampled_from(["payload", "recorded_at", "hash", "previous_hash"]))
def test_a_changed_entry_is_found_at_its_place(place: int, field: str) -> None:
    entries, head = chain(7)
    changes: dict[str, object] = {
        "payload": entries[place].payload.replace("家", "厂"),
        "recorded_at": NOON.replace(second=1),
        "hash": "f" * 64,
        "previous_hash": "f" * 64,
    }
    entries[place] = dataclasses.replace(entries[place], **{field: changes[field]})  # type: ignore[arg-type]
    assert verify(entries, head).broken_at == place + 1


@given(st.integers(0, 6))
def test_a_missing_entry_is_found(place: int) -> None:
    entries, head = chain(7)
    del entries[place]
    assert verify(entries, head).broken_at == place + 1


@given(st.integers(0, 5))
def test_two_exchanged_entries_are_found(place: int) -> None:
    entries, head = chain(7)
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert verify(entries, head).broken_at == place + 1


def test_a_rewritten_rest_of_the_chain_does_not_meet_the_head() -> None:
    entries, head = chain(4)
    forged, _ = chain(3)
    last = append(Head(3, forged[-1].hash), NOON, {"客户": "冒名"})
    assert verify([*entries[:3], last], head).broken_at == 5
    assert not verify(entries[:2], head).is_intact
