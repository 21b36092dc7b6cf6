"""R-21: whatever somebody with all rights altered in the chain is found, and named."""

from __future__ import annotations

import json
from datetime import date

import pytest

from services.registry.domain.proof.chain_verification import ChainReport
from services.registry.domain.proof.evidence_chain import EMPTY, Head, append
from services.registry.storage.proof import chain, documents, verification
from shared.work import Work
from tests.services.registry.story import (
    DECLARED_ON,
    Declaring,
    approved,
    declared,
    mechanics,
    proposed,
)


async def test_r21_declarations_and_decisions_stand_in_one_chain_in_order(work: Work) -> None:
    await approved(work)
    await declared(work)
    report = await verification.verify(work)
    assert report.is_intact
    assert report.entries == 4
    steps = await work.rows(
        "SELECT payload::jsonb ->> 'step' AS step FROM declaration_chain ORDER BY sequence"
    )
    assert [row["step"] for row in steps] == ["submitted", "proposed", "approved", "submitted"]


async def test_r21_a_declaration_cannot_be_changed_or_dropped(work: Work) -> None:
    await declared(work)
    for change in ("UPDATE declaration_chain SET payload = '{}'", "DELETE FROM declaration_chain"):
        with pytest.raises(Exception, match="only ever added to"):
            async with work.savepoint():
                await work.run(change)


TAMPERING = {
    "an entry": "UPDATE declaration_chain SET payload = replace(payload, '南方', '北方')"
    " WHERE sequence = 4",
    "a time": "UPDATE declaration_chain SET recorded_at = recorded_at - interval '1 day'"
    " WHERE sequence = 4",
    "a missing entry": "DELETE FROM declaration_chain WHERE sequence = 4",
    "the working table": "UPDATE declarations SET declared_on = declared_on - 9"
    " WHERE declaration_id = (SELECT declaration_id FROM declaration_chain WHERE sequence = 4)",
    "a dropped declaration": "DELETE FROM declarations WHERE declaration_id"
    " = (SELECT declaration_id FROM declaration_chain WHERE sequence = 4)",
}


@pytest.mark.parametrize("change", TAMPERING.values(), ids=TAMPERING.keys())
async def test_r21_what_somebody_with_all_rights_altered_is_found_at_its_place(
    work: Work, change: str
) -> None:
    await approved(work)
    await declared(work)
    await declared(work)
    await work.run("ALTER TABLE declaration_chain DISABLE TRIGGER only_ever_added")
    await work.run(change)
    report = await verification.verify(work)
    assert not report.is_intact
    assert report.broken_at == 4


BY_HAND = {
    "another developer proposed": "UPDATE developer_proposals SET development_unit = 'SZ-NS'",
    "another day": "UPDATE developer_proposals SET proposed_on = proposed_on - 1",
    "a proposal dropped": "DELETE FROM developer_proposals",
    "a proposal added": "INSERT INTO developer_proposals SELECT declaration_id, 2, customer_key,"
    " 'SZ-NS', joint_units, proposed_by, proposed_on, reason, recorded_at"
    " FROM developer_proposals",
    "another reason to waive": "UPDATE document_waivers SET reason = '领导同意'",
    "another document waived": "UPDATE document_waivers SET kind = 'production-permit'",
    "a waiver dropped": "DELETE FROM document_waivers",
    "a waiver added": "INSERT INTO document_waivers SELECT declaration_id, 'licence', customer_key,"
    " waived_by, waived_on, reason, policy_version, recorded_at FROM document_waivers",
}


@pytest.mark.parametrize("change", BY_HAND.values(), ids=BY_HAND.keys())
async def test_r21_a_proposal_or_a_waiver_that_is_not_what_was_chained_is_found(
    work: Work, change: str
) -> None:
    """R-21: what was proposed and what was waived is evidence like the declaration itself."""
    declaration = await proposed(work, await declared(work))
    waived = ("site-plan", "PZJL", date(2026, 1, 8), "另有图纸", 1)
    await documents.waive(work, declaration, *waived)
    await chain.record_step(
        work,
        declaration,
        "waived",
        {
            "document": "site-plan",
            "waived_by": "PZJL",
            "waived_on": "2026-01-08",
            "reason": "另有图纸",
            "policy_version": 1,
        },
    )
    assert (await verification.verify(work)).is_intact
    for table in ("developer_proposals", "document_waivers"):
        await work.run(f"ALTER TABLE {table} DISABLE TRIGGER only_ever_added")
    await work.run(change)
    report = await verification.verify(work)
    assert not report.is_intact
    assert all(str(declaration.declaration_id) in fault.row for fault in report.faults)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM declaration_chain WHERE sequence = 5",
        "UPDATE declarations SET state = 'approved', decided_by = 'X'",
        "INSERT INTO declaration_chain SELECT 6, declaration_id, recorded_at, payload,"
        " previous_hash, hash FROM declaration_chain WHERE sequence = 5",
    ],
)
async def test_r21_a_cut_or_lengthened_end_and_an_approval_by_hand_are_found(
    work: Work, change: str
) -> None:
    await approved(work)
    await declared(work)
    await declared(work)
    await work.run("ALTER TABLE declaration_chain DISABLE TRIGGER only_ever_added")
    await work.run(change)
    assert not (await verification.verify(work)).is_intact


async def rewritten(work: Work) -> None:
    """Whoever holds the database makes the whole chain anew, with another name in it."""
    head = EMPTY
    for row in await work.rows("SELECT * FROM declaration_chain ORDER BY sequence"):
        payload = json.loads(row["payload"].replace("南方机械", "北方机械"))
        forged = append(head, row["recorded_at"], payload)
        await work.run(
            "UPDATE declaration_chain SET payload = :payload, previous_hash = :previous,"
            " hash = :hash WHERE sequence = :sequence",
            {
                "payload": forged.payload,
                "previous": forged.previous_hash,
                "hash": forged.hash,
                "sequence": forged.sequence,
            },
        )
        head = Head(forged.sequence, forged.hash)
    await work.run("UPDATE declaration_chain_head SET hash = :hash", {"hash": head.hash})


async def as_superuser(work: Work, change: str) -> ChainReport:
    """Two customers approved and one declared (seven entries), then the change, then the check."""
    for _ in range(2):
        await approved(work)
    await declared(work)
    await work.run("ALTER TABLE declaration_chain DISABLE TRIGGER only_ever_added")
    for statement in change.split(";"):
        await work.run(statement)
    return await verification.verify(work)


async def test_r21_two_entries_that_changed_places_are_named(work: Work) -> None:
    report = await as_superuser(
        work,
        "UPDATE declaration_chain SET sequence = 99 WHERE sequence = 2;"
        "UPDATE declaration_chain SET sequence = 2 WHERE sequence = 4;"
        "UPDATE declaration_chain SET sequence = 4 WHERE sequence = 99",
    )
    told = {fault.sequence: fault.en for fault in report.faults}
    assert told[2] == "was moved here from the place 4"
    assert told[4] == "was moved here from the place 2"


async def test_r21_an_end_that_was_cut_together_with_the_head_is_found(work: Work) -> None:
    report = await as_superuser(
        work,
        "DELETE FROM declaration_chain WHERE sequence = 7;"
        "UPDATE declaration_chain_head SET sequence = 6,"
        " hash = (SELECT hash FROM declaration_chain WHERE sequence = 6)",
    )
    (fault,) = report.faults
    assert (fault.sequence, "0 submissions" in fault.en) == (7, True)


async def test_r21_a_customer_whose_declaration_was_cut_away_with_it_is_found(work: Work) -> None:
    report = await as_superuser(
        work,
        "DELETE FROM declarations WHERE declaration_id ="
        " (SELECT declaration_id FROM declaration_chain WHERE sequence = 7);"
        "DELETE FROM declaration_chain WHERE sequence = 7;"
        "UPDATE declaration_chain_head SET sequence = 6,"
        " hash = (SELECT hash FROM declaration_chain WHERE sequence = 6)",
    )
    (fault,) = report.faults
    assert "has no declaration" in fault.en
    assert fault.row.startswith("customer ")


async def test_r21_an_entry_that_is_no_json_is_named_like_any_other(work: Work) -> None:
    report = await as_superuser(
        work, "UPDATE declaration_chain SET payload = '胡写' WHERE sequence = 2"
    )
    assert report.broken_at == 2


async def test_r21_a_chain_rewritten_as_a_whole_does_not_meet_an_end_that_was_noted(
    work: Work,
) -> None:
    await approved(work)
    noted = await chain.head(work)
    await declared(work)
    assert (await verification.verify(work, [noted])).is_intact
    await work.run("ALTER TABLE declaration_chain DISABLE TRIGGER only_ever_added")
    await rewritten(work)
    assert (await verification.verify(work)).is_intact
    report = await verification.verify(work, [noted])
    assert report.broken_at == noted.sequence


async def test_r21_a_long_chain_is_walked_page_by_page(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_AT_ONCE", 2)
    await approved(work)
    await approved(work)
    await declared(work)
    walked: list[tuple[int, int]] = []
    report = await verification.verify(work, (), lambda done, of: walked.append((done, of)))
    assert report.is_intact
    assert walked == [(2, 7), (4, 7), (6, 7), (7, 7)]


async def test_r21_an_entry_carries_its_time_and_all_that_was_declared(work: Work) -> None:
    declaration = await declared(work, Declaring(customer=mechanics(industry="机械")))
    (entry,) = await chain.entries_of(work, declaration.declaration_id)
    assert entry["recorded_at"] == work.now
    said = await work.value("SELECT payload::jsonb -> 'customer' FROM declaration_chain")
    assert (said["name"], said["industry"]) == ("广州南方机械有限公司", "机械")
    assert (
        date.fromisoformat(
            await work.value("SELECT payload::jsonb ->> 'declared_on' FROM declaration_chain")
        )
        == DECLARED_ON
    )
