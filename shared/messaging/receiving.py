"""What happens to a batch of messages inside one transaction, from bytes to effects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID
from zoneinfo import ZoneInfo

from shared import metrics
from shared.contracts.envelope import Enterprise, Event
from shared.errors import Refusal
from shared.logs import get_logger
from shared.messaging import dead_letters, fates, inbox, turns
from shared.messaging.acceptance import objection
from shared.messaging.cloudevents import Fact, Message, Undecodable, decode
from shared.messaging.consumers import Consumers
from shared.messaging.trouble import is_transient
from shared.work import Work, Works

log = get_logger(__name__)


class HandlerFailed(Refusal):
    """Our own code failed on this fact, again and again; it is kept until the code is mended."""

    code = "handler-failed"
    title_zh = "处理失败"
    title_en = "The handler failed"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes batches of messages for one service."""

    service: str
    works: Works
    consumers: Consumers
    currency: str
    zone: ZoneInfo

    async def receive(self, messages: Sequence[Message]) -> None:
        """One transaction for all: decode, inbox, refs, handlers, outbox. Raises on any trouble.

        Refusals of single facts are no trouble where handlers report them with `work.refuse`; a
        Refusal that a handler raises is: the caller then receives the messages one by one.
        """
        facts, unread = _read(messages)
        async with self.works.begin() as work:
            await _refuse_unread(work, unread)
            await self.consumers.dispatch(work, await self._admit(work, facts))
        self._count(facts, work)

    async def receive_one(self, message: Message, *, give_up: bool = False) -> None:
        """The same for one message, where a Refusal that is raised becomes a dead letter.

        With `give_up` any other exception does too: it was tried often enough.
        """
        facts, unread = _read([message])
        try:
            async with self.works.begin() as work:
                await _refuse_unread(work, unread)
                for fact in await self._admit(work, facts):
                    await _handle(self.consumers, work, fact, give_up)
        except Exception as error:  # whatever it is that was written after the handler
            if not (facts and give_up) or is_transient(error):
                raise
            log.exception("what a handler left cannot be written", event_type=facts[0].type)
            work = await self._keep(facts[0], _failed(error))
        self._count(facts, work)

    async def replay(self, letter_id: UUID, by: str) -> None:
        """Run a dead letter through its handler again; it stays open if it is refused again.

        `by` is the staff code of who replays. Raises the Refusal (HandlerFailed when our own code
        fails on it again), NotFound or Conflict.
        """
        async with self.works.begin() as work:
            fact = decode(await dead_letters.take(work, letter_id, by))
            refusal = objection(fact, self.currency, self.zone)
            if refusal is not None:
                raise refusal
            if fact.customer_key is not None:
                await turns.take(work, [fact.customer_key])
            for ready in await _claim(work, [fact]):
                await _handle(self.consumers, work, ready, give_up=True)
            if work.refusals:
                raise work.refusals[0][2]

    async def _admit(self, work: Work, facts: Sequence[Fact[Event]]) -> list[Fact[Event]]:
        """Those of `facts` that are new, unobjectionable and, from outside, hold their ref."""
        await turns.take(work, {f.customer_key for f in facts if f.customer_key is not None})
        by_key = {(fact.source, fact.id): fact for fact in facts}
        new = await inbox.remember(work, list(by_key))
        welcome: list[Fact[Event]] = []
        for key, fact in by_key.items():
            if key not in new:
                continue
            refusal = objection(fact, self.currency, self.zone)
            if refusal is None:
                welcome.append(fact)
            else:
                work.refuse(fact, refusal)
        return await _claim(work, welcome)

    async def _keep(self, fact: Fact[Event], refusal: Refusal) -> Work:
        """Refuse `fact` in a transaction in which nothing else is done."""
        async with self.works.begin() as work:
            if await inbox.remember(work, [(fact.source, fact.id)]):
                work.refuse(fact, refusal)
        return work

    def _count(self, facts: Sequence[Fact[Event]], work: Work) -> None:
        received = metrics.FACTS_RECEIVED
        for event, number in Counter(type(fact.data).__name__ for fact in facts).items():
            received.labels(self.service, event, "received").inc(number)
        refused = Counter(
            (type(fact.data).__name__ if fact else "unread", refusal.code)
            for _, fact, refusal in work.refusals
        )
        for (event, code), number in refused.items():
            received.labels(self.service, event, code).inc(number)


async def dispatch_claimed(consumers: Consumers, work: Work, facts: list[Fact[Event]]) -> None:
    """Run facts that had waited through their handlers, in the transaction that freed them.

    Their own trouble must not harm what freed them: what fails becomes a dead letter at once.
    """
    ready = await _claim(work, facts)
    try:
        async with work.savepoint():
            await consumers.dispatch(work, ready)
    except Exception as error:  # whatever it is: the culprit is found one by one
        if is_transient(error):
            raise
        for fact in ready:
            await _handle(consumers, work, fact, give_up=True)


async def _handle(consumers: Consumers, work: Work, fact: Fact[Event], give_up: bool) -> None:
    try:
        async with work.savepoint():
            await consumers.dispatch(work, [fact])
    except Refusal as refusal:
        work.refuse(fact, refusal)
    except Exception as error:  # whatever it is, the fact is kept and nobody is blocked
        if not give_up or is_transient(error):
            raise
        log.exception("handler failed", event_type=fact.type, event_id=fact.id)
        work.refuse(fact, _failed(error))


async def _claim(work: Work, facts: Sequence[Fact[Event]]) -> list[Fact[Event]]:
    """`facts` without those from outside whose ref is taken: conflicts are refused."""
    outside = [fact for fact in facts if isinstance(fact.data, Enterprise)]
    if not outside:
        return list(facts)
    claims = await fates.claim(work, outside)
    for fact, conflict in claims.conflicts:
        work.refuse(fact, conflict)
    inside = [fact for fact in facts if not isinstance(fact.data, Enterprise)]
    return [*inside, *claims.accepted]


async def _refuse_unread(work: Work, unread: Sequence[tuple[Message, Refusal]]) -> None:
    """Refuse messages that have no identity of their own; a redelivery is known by its bytes."""
    keys = {("unread", _fingerprint(message)): (message, refusal) for message, refusal in unread}
    for key in await inbox.remember(work, list(keys)):
        work.refuse_unread(*keys[key])


def _fingerprint(message: Message) -> str:
    return blake2b(message.packed(), digest_size=16).hexdigest()


def _failed(error: Exception) -> HandlerFailed:
    return HandlerFailed(
        f"程序处理此事实时出错 ({type(error).__name__}), 已保留待修复后重放",
        f"our code failed on this fact ({type(error).__name__}); it is kept for a replay",
    )


def _read(
    messages: Sequence[Message],
) -> tuple[list[Fact[Event]], list[tuple[Message, Refusal]]]:
    facts: list[Fact[Event]] = []
    unread: list[tuple[Message, Refusal]] = []
    for message in messages:
        try:
            facts.append(decode(message))
        except Undecodable as refusal:
            unread.append((message, refusal))
    return facts, unread
