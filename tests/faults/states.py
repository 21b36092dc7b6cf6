"""What a service has made of its facts, without the ids and instants that may differ."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from shared.messaging.cloudevents import Message
from shared.service import Runtime
from shared.work import Work
from tests.support.retelling import State, rows_of

KIT = {
    # What could not be read is known by its bytes, headers of the broker included.
    "inbox": "SELECT source, id FROM kit.inbox WHERE source <> 'unread'",
    "fates": "SELECT system, type, ref, state, reason ->> 'code' FROM kit.fates",
    "waiting": "SELECT kind, key, source, event_id FROM kit.waiting",
    "parked": "SELECT subject, parked_reason FROM kit.outbox WHERE parked_at IS NOT NULL",
}

TOY = {
    "taken": "SELECT ref FROM taken",
    "observed": "SELECT code FROM observed",
}

BILLING = {
    "postings": """
        SELECT system, ref, customer_key, occurred_on, decided_on, amount, base, reversed, rule,
            split_id, terms_version
        FROM postings""",
    "shares": """
        SELECT system, ref, unit, is_increment, -sum(balance)
        FROM entries JOIN postings ON posting_id = source_id
        WHERE account = 'revenue' GROUP BY 1, 2, 3, 4 HAVING sum(balance) <> 0""",
    "balances": """
        SELECT account, customer_key, sum(balance) FROM entries GROUP BY 1, 2
        HAVING sum(balance) <> 0""",
    "charges": "SELECT system, ref, customer_key, gross, tax, cancelled, state FROM charges",
    # A late fee that was decided and taken back leaves a trace of nothing in the books.
    "items": "SELECT item_id, charge_id, number, due_on, amount, paid FROM items WHERE amount <> 0",
    "payments": "SELECT system, ref, amount, returned, applied, received_on FROM payments",
    "applications": "SELECT payment_id, item_id, is_named, amount FROM applications",
    "terms": "SELECT customer_key, version, effective_on, rule FROM splits",
    "owners": "SELECT customer_key, version, owner_unit FROM ownerships",
}


async def state_of(process: Runtime, queries: Mapping[str, str]) -> State:
    """The rows of `queries` and of the kit's own tables, and every dead letter by its content."""
    async with process.works.begin() as work:
        return {**await rows_of(work, {**KIT, **queries}), "letters": await _letters(work)}


async def _letters(work: Work) -> list[tuple[Any, ...]]:
    rows = await work.rows("SELECT code, state, message FROM kit.dead_letters")
    letters = []
    for row in rows:
        message = Message.unpacked(work.box.open(bytes(row["message"])))
        digest = blake2b(message.body, digest_size=16).hexdigest()
        letters.append((row["code"], row["state"], message.subject, digest))
    return sorted(letters)
