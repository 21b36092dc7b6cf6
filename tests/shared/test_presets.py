"""Presets: loaded twice they add nothing, and they never undo what a person changed."""

from __future__ import annotations

from datetime import date

import pytest

from shared import policy, presets
from shared.errors import NotFound
from shared.policy_body import InvalidPolicy
from shared.presets import InvalidPreset
from shared.work import Work
from tests.shared.conftest import Interest, interest

TEXT = """
policies:
  - name: interest
    effective_on: 1996-10-08
    source: 供电营业规则 1996 第九十八条
    body:
      grace_days: 3
      bands: [{from_amount: "0", per_mille: "1"}]
  - name: interest
    effective_on: 2024-06-01
    source: ours
    body:
      grace_days: 5
      bands: [{from_amount: "0", per_mille: "2"}]
"""


def _preset(text: str = TEXT) -> presets.Preset:
    return presets.read("demo", text, [Interest])


async def test_a_preset_is_recorded_with_its_sources(work: Work) -> None:
    added = await presets.load(work, _preset())
    assert [(each.version, each.effective_on) for each in added] == [
        (1, date(1996, 10, 8)),
        (2, date(2024, 6, 1)),
    ]
    first, second = await policy.history(work, "interest")
    assert first.source == "供电营业规则 1996 第九十八条"
    assert (second.source, second.author) == ("ours", "preset demo")


async def test_loading_it_again_adds_nothing(work: Work) -> None:
    await presets.load(work, _preset())
    assert await presets.load(work, _preset()) == []


async def test_loading_it_again_does_not_undo_what_an_administrator_changed(work: Work) -> None:
    await presets.load(work, _preset())
    changed = date(2024, 6, 1)
    await policy.record(
        work, Interest, interest("9"), changed, author="S001", reason="决定", source="ours"
    )
    assert await presets.load(work, _preset()) == []
    assert (await policy.in_force(work, Interest, changed)).version == 3


async def test_a_preset_that_changed_adds_what_is_new(work: Work) -> None:
    await presets.load(work, _preset())
    (added,) = await presets.load(work, _preset(TEXT.replace('per_mille: "2"', 'per_mille: "3"')))
    assert added.version == 3


def test_a_policy_that_the_service_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidPreset, match="no policy discounts"):
        _preset(TEXT.replace("name: interest", "name: discounts", 1))


def test_a_preset_with_a_number_for_a_decimal_is_refused() -> None:
    with pytest.raises(InvalidPolicy, match="written as a string"):
        _preset(TEXT.replace('per_mille: "1"', "per_mille: 0.5"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("policies: {", "not YAML"),
        ("policies: [{name: interest}]", "/policies/0/effective_on"),
        (TEXT.replace("source: ours", 'source: ""'), "/policies/1/source"),
        (TEXT + "more: 1\n", "/more"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidPreset, match=says):
        _preset(text)


def test_a_preset_that_is_not_shipped_is_not_found() -> None:
    assert presets.names("tests.support.toy") == []
    with pytest.raises(NotFound, match="no preset retail"):
        presets.shipped("tests.support.toy", "retail", [Interest])
