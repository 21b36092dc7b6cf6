"""Merged customers: chains are followed to their end, a ring has none, an undoing undoes."""

from __future__ import annotations

from shared.directory import identities
from shared.work import Work
from tests.shared.directory.conftest import Tell
from tests.shared.directory.facts import key, merged


async def _who(work: Work, *names: str) -> list[str]:
    roots = await identities.roots(work, [key(name) for name in names])
    by_key = {key(name): name for name in "abcd"}
    return [by_key[roots[key(name)]] for name in names]


async def test_a_chain_is_followed_to_its_last_survivor(work: Work, tell: Tell) -> None:
    await tell(merged("b", "c"))
    await tell(merged("a", "b"))
    await tell(merged("c", "d"))
    assert await _who(work, "a", "b", "c", "d") == ["d", "d", "d", "d"]
    assert await identities.same_customer(work, key("b")) == sorted(key(name) for name in "abcd")


async def test_an_undone_merge_makes_the_customer_itself_again(work: Work, tell: Tell) -> None:
    await tell(merged("a", "b"), merged("b", "c"))
    await tell(merged("b", None, 2))
    assert await _who(work, "a", "b", "c") == ["b", "b", "c"]


async def test_an_older_version_changes_nothing(work: Work, tell: Tell) -> None:
    await tell(merged("a", None, 2))
    await tell(merged("a", "b", 1))
    assert await _who(work, "a") == ["a"]


async def test_in_a_ring_everybody_is_himself_until_the_fact_that_opens_it_comes(
    work: Work, tell: Tell
) -> None:
    await tell(merged("a", "b"), merged("b", "a"), merged("c", "a"))
    assert await _who(work, "a", "b", "c") == ["a", "b", "c"]
    await tell(merged("a", None, 2))
    assert await _who(work, "a", "b", "c") == ["a", "a", "a"]


async def test_a_merge_that_would_close_a_ring_is_known_beforehand(work: Work, tell: Tell) -> None:
    await tell(merged("a", "b"), merged("b", "c"))
    assert await identities.would_be_cycle(work, key("c"), key("a"))
    assert not await identities.would_be_cycle(work, key("d"), key("a"))
    assert await identities.would_be_cycle(work, key("d"), key("d"))


async def test_who_was_never_merged_is_himself(work: Work) -> None:
    assert await _who(work, "a") == ["a"]
    assert await identities.same_customer(work, key("a")) == [key("a")]
