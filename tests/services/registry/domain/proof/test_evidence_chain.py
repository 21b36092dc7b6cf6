"""R-21: what was written to the chain can be proved unchanged."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.proof.chain_verification import verify
from services.registry.domain.proof.evidence_chain import (
    EMPTY,
    Entry,
    Head,
    NotAHead,
    append,
    head_from,
)

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
    assert (report.entries, report.head) == (5, head)
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
    assert verify([*entries[:3], last], head).broken_at == 4
    assert not verify(entries[:2], head).is_intact


def test_every_wrong_entry_is_named_and_the_sound_ones_around_it_are_not() -> None:
    entries, head = chain(9)
    entries[2] = dataclasses.replace(entries[2], payload="{}")
    entries[6] = dataclasses.replace(entries[6], recorded_at=NOON.replace(second=1))
    del entries[4]
    report = verify(entries, head)
    assert [(fault.sequence, fault.en) for fault in report.faults] == [
        (3, "its content was altered"),
        (5, "is missing"),
        (7, "its content was altered"),
    ]
    assert report.entries == 6


def test_entries_that_changed_places_are_said_to_have_moved() -> None:
    entries, head = chain(7)
    entries[1] = dataclasses.replace(entries[1], sequence=5)
    entries[4] = dataclasses.replace(entries[4], sequence=2)
    report = verify(sorted(entries, key=lambda entry: entry.sequence), head)
    told = {fault.sequence: fault.en for fault in report.faults}
    assert told[2] == "was moved here from the place 5"
    assert told[5] == "was moved here from the place 2"


def test_a_long_gap_is_one_fault() -> None:
    entries, head = chain(7)
    (fault,) = verify([*entries[:2], entries[6]], head).faults
    assert (fault.sequence, fault.en) == (3, "to 6 are missing")


def test_a_chain_rewritten_as_a_whole_meets_its_own_head_and_not_one_noted_before() -> None:
    _, noted = chain(4)
    forged: list[Entry] = []
    head = EMPTY
    for number in range(6):
        forged.append(append(head, NOON, {"客户": f"第{number}家（改）"}))
        head = Head(forged[-1].sequence, forged[-1].hash)
    assert verify(forged, head).is_intact
    assert verify(forged, head, [noted]).broken_at == 4
    assert verify(forged[:3], Head(3, forged[2].hash), [noted]).broken_at == 4


def test_an_end_noted_before_is_met_by_a_chain_that_went_on() -> None:
    entries, head = chain(6)
    noted = [EMPTY, chain(2)[1], chain(6)[1]]
    assert verify(entries, head, [head_from(str(each)) for each in noted]).is_intact


@pytest.mark.parametrize(
    "text", ["", "12", "12:", "x:" + "0" * 64, "1:" + "G" * 64, "1:" + "0" * 63]
)
def test_what_is_no_end_of_a_chain_is_refused(text: str) -> None:
    with pytest.raises(NotAHead):
        head_from(text)
