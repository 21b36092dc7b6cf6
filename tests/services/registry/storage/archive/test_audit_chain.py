"""The log of archives finds what was changed, dropped or added, and never queues (X-08)."""

from __future__ import annotations

import asyncio

import pytest

from services.registry.domain.archive.audit import AuditAction, AuditReport, fingerprint
from services.registry.storage.archive import audit
from services.registry.storage.archive.verification import verify
from shared.crypto import Box, new_key
from shared.service import Runtime
from shared.work import Work


async def add(work: Work, *purposes: str) -> None:
    """Entries of somebody who reads."""
    await audit.add(
        work,
        [
            audit.entry(work, AuditAction.READ, staff_code="G004", purpose=purpose)
            for purpose in purposes
        ],
    )


def what_is_wrong(report: AuditReport) -> list[tuple[int, str]]:
    """The faults of the chain."""
    return [(fault.sequence, fault.en) for fault in report.chain.faults]


async def as_superuser(work: Work, statement: str) -> None:
    """Past the triggers, as somebody with the whole database in his hands."""
    await work.run("ALTER TABLE archive_audit DISABLE TRIGGER USER")
    await work.run("ALTER TABLE archive_audit_chain DISABLE TRIGGER USER")
    await work.run("ALTER TABLE archive_audit_seals DISABLE TRIGGER USER")
    await work.run(statement)


async def test_x08_entries_are_sealed_by_the_work_that_adds_them_if_nobody_else_does(
    work: Work,
) -> None:
    await add(work, "一", "二")
    await add(work, "三")
    report = await verify(work)
    assert report.is_intact
    assert (report.chain.entries, report.unsealed) == (3, 0)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE archive_audit SET purpose = '别的' WHERE purpose = '二'",
            (2, "its content was altered"),
        ),
        ("DELETE FROM archive_audit WHERE purpose = '二'", (2, "its entry is missing")),
        ("DELETE FROM archive_audit_chain WHERE position = 2", (2, "is missing")),
        (
            "DELETE FROM archive_audit_chain WHERE position = 3",
            (3, "is missing"),
        ),
        (
            "UPDATE archive_audit_seals SET hash = repeat('0', 64)",
            (3, "its seal is not ours"),
        ),
        (
            "UPDATE archive_audit_seals SET mark = 'gAAAA'",
            (3, "its seal is not ours"),
        ),
    ],
)
async def test_x08_what_is_changed_or_dropped_is_found(
    work: Work, statement: str, fault: tuple[int, str]
) -> None:
    await add(work, "一", "二", "三")
    await as_superuser(work, statement)
    report = await verify(work)
    assert not report.is_intact
    assert fault in what_is_wrong(report)


async def test_x08_an_entry_that_somebody_added_bears_no_mark_and_is_never_sealed(
    work: Work,
) -> None:
    await add(work, "一")
    await as_superuser(
        work,
        "INSERT INTO archive_audit (entry_id, recorded_at, action, staff_code, details)"
        " VALUES (gen_random_uuid(), now(), 'read', 'G005', '{}')",
    )
    found = await verify(work)
    assert [each.en for each in found.strange] == ["stands outside the chain"]
    await work.run(
        "INSERT INTO archive_audit_waiting SELECT entry_id, 'gAAAA' FROM archive_audit"
        " WHERE staff_code = 'G005'"
    )
    await audit.seal(work)
    found = await verify(work)
    assert [each.en for each in found.strange] == ["bears no mark of ours"]
    assert found.chain.entries == 1


async def test_x08_an_entry_that_waits_cannot_be_altered_or_dropped_alone(work: Work) -> None:
    entry = audit.entry(work, AuditAction.READ, staff_code="G004", purpose="一")
    await add(work, "零")
    await work.run(
        "INSERT INTO archive_audit (entry_id, recorded_at, action, staff_code, purpose, details)"
        " VALUES (:id, :at, 'read', 'G004', '一', '{}')",
        {"id": entry.entry_id, "at": entry.recorded_at},
    )
    await work.run(
        "INSERT INTO archive_audit_waiting VALUES (:id, :mark)",
        {"id": entry.entry_id, "mark": work.box.seal(fingerprint(entry))},
    )
    honest = await verify(work)
    assert (honest.is_intact, honest.unsealed, honest.oldest_unsealed_at) == (True, 1, work.now)
    await as_superuser(work, "UPDATE archive_audit SET purpose = '二' WHERE purpose = '一'")
    assert [each.en for each in (await verify(work)).strange] == ["bears no mark of ours"]
    await as_superuser(work, "DELETE FROM archive_audit WHERE purpose = '二'")
    assert [each.en for each in (await verify(work)).strange] == [
        "waited for its seal and is missing"
    ]


async def test_x08_a_log_that_was_cut_back_does_not_meet_the_end_noted_outside(
    work: Work,
) -> None:
    await add(work, "一")
    await add(work, "二")
    noted = (await verify(work)).chain.head
    for table, where in (
        ("archive_audit_seals", "position = 2"),
        ("archive_audit_chain", "position = 2"),
        ("archive_audit", "purpose = '二'"),
    ):
        await as_superuser(work, f"DELETE FROM {table} WHERE {where}")
    assert (await verify(work)).is_intact, "sound in itself"
    await add(work, "别的")
    report = await verify(work, [noted])
    assert not report.is_intact


async def test_x08_reads_do_not_wait_for_one_another(process: Runtime) -> None:
    """While one read is open and seals, others add their entries and commit."""
    async with process.works.begin() as first:
        await add(first, "一")
        for purpose in ("二", "三"):
            async with asyncio.timeout(5), process.works.begin() as other:
                await add(other, purpose)
    async with process.works.begin() as work:
        report = await verify(work)
        assert (report.is_intact, report.chain.entries, report.unsealed) == (True, 1, 2)
        await add(work, "四")
        report = await verify(work)
        assert (report.is_intact, report.chain.entries, report.unsealed) == (True, 4, 0)


async def test_x08_many_at_once_are_all_sealed_in_one_chain(process: Runtime) -> None:
    async def read(number: int) -> None:
        async with process.works.begin() as work:
            await add(work, str(number))

    await asyncio.gather(*(read(number) for number in range(30)))
    async with process.works.begin() as work:
        await audit.seal(work)
        report = await verify(work)
        assert (report.is_intact, report.chain.entries, report.unsealed) == (True, 30, 0)


async def test_r74_after_a_rotation_the_seals_bear_the_newest_key(work: Work) -> None:
    old, new = new_key(), new_key()
    work.box = Box(old, new_key())
    await add(work, "一")
    work.box = Box(f"{new},{old}", new_key())
    assert await audit.reseal(work, 10) == 1
    assert await audit.reseal(work, 10) == 0
    work.box = Box(new, new_key())
    assert (await verify(work)).is_intact
    work.box = Box(new_key(), new_key())
    assert not (await verify(work)).is_intact
