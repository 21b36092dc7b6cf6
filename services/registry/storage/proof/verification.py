"""The chain of declarations, walked and compared with the rows that people work with (R-21)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import RowMapping

from services.registry.domain.proof.chain_verification import ChainReport, Verification
from services.registry.domain.proof.evidence_chain import Entry, Head
from services.registry.storage.proof.chain import DECIDED, SUBMITTED, head, plain
from shared.work import Work

_AT_ONCE = 2000
"""Entries read at once, so that memory does not grow with the chain."""

_PAGE = """
SELECT chain.*, held.customer_key, held.declaring_unit, held.declared_by, held.declared_on,
       held.reporting_branch, held.development_unit, held.joint_units, held.state,
       held.decided_by, held.decided_on, held.decision_reason,
       CASE WHEN strpos(chain.payload, '"step":"proposed"') > 0 THEN (
           SELECT jsonb_build_object(
               'development_unit', p.development_unit, 'joint_units', p.joint_units,
               'proposed_by', p.proposed_by, 'proposed_on', p.proposed_on, 'reason', p.reason)
           FROM developer_proposals p
           WHERE p.declaration_id = chain.declaration_id AND p.sequence = (
               SELECT count(*) FROM declaration_chain until
               WHERE until.declaration_id = chain.declaration_id
                   AND until.sequence <= chain.sequence
                   AND strpos(until.payload, '"step":"proposed"') > 0)
       ) END AS proposal,
       CASE WHEN strpos(chain.payload, '"step":"waived"') > 0 THEN (
           SELECT jsonb_object_agg(w.kind, jsonb_build_object(
               'document', w.kind, 'waived_by', w.waived_by, 'waived_on', w.waived_on,
               'reason', w.reason, 'policy_version', w.policy_version))
           FROM document_waivers w WHERE w.declaration_id = chain.declaration_id
       ) END AS waivers
FROM declaration_chain chain LEFT JOIN declarations held USING (declaration_id)
WHERE chain.sequence > :after AND chain.sequence <= :until
ORDER BY chain.sequence LIMIT :at_once
"""
# The text of a payload is looked into as a text: an altered one need not be JSON at all, and what
# somebody wrote into it has its quotation marks escaped.
_WITHOUT_ENTRY = """
SELECT told.* FROM (
    SELECT declaration_id, held.state,
           count(*) FILTER (WHERE strpos(chain.payload, '"step":"submitted"') > 0) AS submissions,
           count(*) FILTER (WHERE strpos(chain.payload, '"step":"approved"') > 0
                                OR strpos(chain.payload, '"step":"refused"') > 0) AS decisions,
           count(*) FILTER (WHERE strpos(chain.payload, '"step":"proposed"') > 0) AS proposals,
           count(*) FILTER (WHERE strpos(chain.payload, '"step":"waived"') > 0) AS waivers
    FROM declarations held LEFT JOIN declaration_chain chain USING (declaration_id)
    GROUP BY declaration_id, held.state
) told
LEFT JOIN (SELECT declaration_id, count(*) AS kept FROM developer_proposals GROUP BY 1) proposed
    USING (declaration_id)
LEFT JOIN (SELECT declaration_id, count(*) AS kept FROM document_waivers GROUP BY 1) waived
    USING (declaration_id)
WHERE submissions <> 1 OR decisions <> CASE told.state WHEN 'submitted' THEN 0 ELSE 1 END
    OR proposals <> coalesce(proposed.kept, 0) OR waivers <> coalesce(waived.kept, 0)
ORDER BY declaration_id LIMIT :most
"""
_WITHOUT_DECLARATION = """
SELECT customer_key FROM customers c
WHERE NOT is_opening AND NOT EXISTS (
    SELECT FROM declarations held WHERE held.customer_key = c.customer_key)
ORDER BY customer_key LIMIT :most
"""
_BEYOND = """
SELECT sequence FROM declaration_chain WHERE sequence > :until ORDER BY sequence LIMIT :most
"""
_MOST = 100
"""How many of what has no sequence of its own are named; one is enough to know."""
_DECLARED = {"submitted": SUBMITTED, "approved": DECIDED, "refused": DECIDED}
"""What the row of a declaration has to say in the same words."""


async def verify(
    work: Work, anchors: Iterable[Head] = (), walked: Callable[[int, int], None] | None = None
) -> ChainReport:
    """Check every entry against its hash, the end against the head, and the working tables (R-21).

    Finds every entry that was altered, dropped, moved or added, a cut-off end, a declaration,
    proposal or waiver whose row says anything else than its entry, and a customer without one.
    `anchors` are heads that were noted before. After each page `walked` hears how many entries are
    done, and of how many.
    """
    end = await head(work)
    verification, after = Verification(anchors), 0
    while page := await work.rows(_PAGE, after=after, until=end.sequence, at_once=_AT_ONCE):
        for row in page:
            _check(verification, row)
        after = page[-1]["sequence"]
        if walked is not None:
            walked(after, end.sequence)
    for row in await work.rows(_BEYOND, until=end.sequence, most=_MOST):
        verification.fault(row["sequence"], "链尾之后的记录", "stands after the end")
    await _compare_with_tables(work, verification, end.sequence + 1)
    return verification.finish(end)


async def _compare_with_tables(work: Work, verification: Verification, after: int) -> None:
    for row in await work.rows(_WITHOUT_ENTRY, most=_MOST):
        verification.fault(
            after,
            f"链上有某申报的 {row['submissions']} 次提交、{row['proposals']} 次界定、"
            f"{row['waivers']} 次免交、{row['decisions']} 次决定，与表中不符",
            f"of a declaration the chain has {row['submissions']} submissions,"
            f" {row['proposals']} proposals, {row['waivers']} waivers and {row['decisions']}"
            " decisions, which is not what its rows say",
            f"declaration {row['declaration_id']}",
        )
    for row in await work.rows(_WITHOUT_DECLARATION, most=_MOST):
        verification.fault(
            after,
            "某客户没有申报",
            "a customer has no declaration",
            f"customer {row['customer_key']}",
        )


def _check(verification: Verification, row: RowMapping) -> None:
    entry = Entry(
        row["sequence"], row["recorded_at"], row["payload"], row["previous_hash"], row["hash"]
    )
    if verification.take(entry) and not _says_the_same(_payload(entry), row):
        verification.fault(
            entry.sequence,
            "表中的记录与链不符",
            "the row of the declaration says otherwise",
            f"declaration {row['declaration_id']}",
        )


def _payload(entry: Entry) -> Mapping[str, object]:
    """What a sound entry says; nothing, if somebody chained what is no entry of ours."""
    try:
        payload = json.loads(entry.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def _says_the_same(payload: Mapping[str, object], row: RowMapping) -> bool:
    if payload.get("declaration_id") != str(row["declaration_id"]) or row["state"] is None:
        return False
    step = str(payload.get("step"))
    if step in _DECLARED:
        return all(payload.get(field) == plain(row[field]) for field in _DECLARED[step])
    kept = row["proposal"]
    if step == "waived":
        kept = (row["waivers"] or {}).get(payload.get("document"))
    return kept is not None and kept.items() <= payload.items()
