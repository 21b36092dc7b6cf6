"""Derived state is a function of the set of facts: not of their order, repetition or batches.

Between its decisions the facts of a story are shuffled, some come again (as the same message, or
as another one with the same number), and they are cut into batches anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.app import SERVICE as BILLING
from services.engagement.app import SERVICE as ENGAGEMENT
from services.tiering.app import SERVICE as TIERING
from shared.messaging.cloudevents import Message
from shared.service import Runtime, Service
from tests.faults.billing_story import of_billing
from tests.scenarios.retold import billing, engagement, tiering
from tests.support.retelling import Batches, Chapter, State, retell

STORIES: dict[str, tuple[Service, ModuleType]] = {
    "billing": (BILLING, billing),
    "tiering": (TIERING, tiering),
    "engagement": (ENGAGEMENT, engagement),
}
EXAMPLES = 12
"""Each is a whole story on a real database."""


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Service:
    """The service that is told its story."""
    service, _ = STORIES[request.node.callspec.params["name"]]
    return service


@pytest.fixture(scope="module")
def straight() -> dict[str, State]:
    """By service: the state after its story as it is written."""
    return {}


@pytest.mark.parametrize("name", STORIES)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_any_order_any_repetition_and_any_batches_give_the_same_state(
    process: Runtime, straight: dict[str, State], name: str, data: st.DataObject
) -> None:
    _, told = STORIES[name]
    story: list[Chapter] = told.story()
    if name not in straight:
        as_written = [[chapter.facts] for chapter in story]
        straight[name] = await retell(process, story, as_written, told.QUERIES)
    arranged = [data.draw(arrangements(chapter.facts)) for chapter in story]
    found = await retell(process, story, arranged, told.QUERIES)
    assert differing(found, straight[name]) == {}


@pytest.mark.parametrize("name", ["billing"])
async def test_busy_accounts_are_settled_alike_in_whatever_portions(
    process: Runtime, name: str
) -> None:
    """Ten customers with some forty documents each: what is looked at is never all there is."""
    _, told = STORIES[name]
    facts = of_billing(seed=3, number=400).messages
    story = [Chapter(facts)]
    at_once = await retell(process, story, [[facts]], told.QUERIES)
    for size in (1, 7, 50, 150):
        portions = [facts[start : start + size] for start in range(0, len(facts), size)]
        found = await retell(process, story, [portions], told.QUERIES)
        assert differing(found, at_once) == {}, size


@st.composite
def arrangements(draw: st.DrawFn, facts: Sequence[Message]) -> Batches:
    """The facts in any order and in any batches, some of them again."""
    if not facts:
        return []
    again = draw(st.lists(st.sampled_from(facts), max_size=8))
    renamed = draw(st.lists(st.sampled_from(facts), max_size=4))
    mixed = draw(st.permutations([*facts, *again, *(under_another_id(each) for each in renamed)]))
    cuts = sorted(draw(st.sets(st.integers(1, len(mixed) - 1), max_size=12)))
    return [mixed[start:end] for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


def under_another_id(message: Message) -> Message:
    """The same said again by a sender who has forgotten that he has said it."""
    body = orjson.loads(message.body)
    body["id"] += "-again"
    return Message(message.subject, message.headers, orjson.dumps(body))


def differing(found: State, straight: State) -> dict[str, list[tuple[str, object]]]:
    """By query: rows that one has and the other has not."""
    return {
        name: rows for name in straight if (rows := list(_differing(found[name], straight[name])))
    }


def _differing(found: Sequence[object], straight: Sequence[object]) -> Iterator[tuple[str, object]]:
    yield from (("lost", row) for row in straight if row not in found)
    yield from (("added", row) for row in found if row not in straight)
