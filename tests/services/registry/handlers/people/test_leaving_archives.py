"""R-52, R-72: who leaves reads no archive any more, and what he has is asked back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.registry.domain.archive.custody.assets import AssetState
from services.registry.domain.archive.custody.loans import LentAlready
from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.centres.staff import StaffEvent, StaffReport
from services.registry.domain.people.handovers import (
    HandoverReason,
    Holding,
    MarkKind,
    Missing,
    Progress,
    StillInHand,
)
from services.registry.handlers.archive import entrust_archive, read_archive, write_part
from services.registry.handlers.archive.custody import keep_asset, lend_original
from services.registry.handlers.archive.custody.keep_asset import HandAsset
from services.registry.handlers.archive.custody.lend_original import MoveLoan
from services.registry.handlers.archive.entrust_archive import EntrustArchive
from services.registry.handlers.archive.permits import decide_access, request_access
from services.registry.handlers.archive.permits.decide_access import DecideAccess
from services.registry.handlers.archive.permits.request_access import RequestAccess
from services.registry.handlers.archive.read_archive import ReadArchive
from services.registry.handlers.archive.write_part import WritePart
from services.registry.handlers.centres import report_staff
from services.registry.handlers.centres.report_staff import ReportStaff
from services.registry.handlers.handovers import depart, tick_off
from services.registry.handlers.handovers.tick_off import TickOff
from services.registry.storage.archive import custody, files, leavers
from shared.contracts.registry import HandoverStarted
from shared.work import Work
from tests.services.registry.handlers.people.test_handing_over import TODAY, leave, only
from tests.services.registry.story import acting, approved, enter, lent, managed, told
from tests.support import cast

READER = cast.MANAGER_B
KEEPER = acting(cast.COUNTY_MANAGER)
DIRECTOR = acting(cast.CITY_DIRECTOR)


async def asked(work: Work, key: UUID, until_on: date) -> UUID:
    """The reader asks to read the basic part."""
    command = RequestAccess(key, [Section.BASIC], "续签准备", until_on, acting(READER))
    return (await request_access.handle(work, command)).request_id


async def phone_read(work: Work, key: UUID) -> str | None:
    """What the reader sees of the phone."""
    await enter(work, READER)
    command = ReadArchive([key], [Section.BASIC], acting(READER), "续签准备")
    (shown,) = await read_archive.handle(work, command)
    assert isinstance(shown.content, BasicPart)
    return shown.content.phone


async def test_r52_r70_a_permission_ends_with_the_departure_and_does_not_come_back(
    work: Work,
) -> None:
    """R-52: access is gone at once; whoever is taken on again asks again (R-70)."""
    key = await approved(work)
    await enter(work, cast.COUNTY_MANAGER)
    content = BasicPart(phone="13800135678")
    await write_part.handle(work, WritePart(key, Place(Section.BASIC), content, KEEPER, "建档", 0))
    granted = await asked(work, key, TODAY + timedelta(days=20))
    await decide_access.grant(work, DecideAccess(granted, DIRECTOR, 1))
    pending = await asked(work, key, TODAY + timedelta(days=20))
    assert await phone_read(work, key) == "13800135678"
    await leave(work, READER.code)
    rows = await work.rows("SELECT request_id, state, decided_by FROM archive_requests")
    assert {row["request_id"]: (row["state"], row["decided_by"]) for row in rows} == {
        granted: ("revoked", "registry"),
        pending: ("refused", "registry"),
    }
    again = StaffEvent(
        *(StaffReport.JOINED, TODAY, "hr", "2", READER.unit, frozenset(READER.roles))
    )
    await report_staff.handle(work, ReportStaff(READER.code, again))
    assert await phone_read(work, key) == "138****5678"
    logged = await work.rows(
        "SELECT staff_code, details FROM archive_audit WHERE action = 'revoke' ORDER BY entry_id"
    )
    assert [(row["staff_code"], row["details"]["reader"]) for row in logged] == [
        ("registry", READER.code)
    ] * 2


async def test_r52_one_who_leaves_later_reads_until_then_and_the_sweep_ends_it(
    work: Work,
) -> None:
    """R-52: the last day still counts; the first day without is the first without access."""
    key = await approved(work)
    granted = await asked(work, key, TODAY + timedelta(days=20))
    await decide_access.grant(work, DecideAccess(granted, DIRECTOR, 1))
    await leave(work, READER.code, TODAY + timedelta(days=1))
    assert await depart.due(work, TODAY) == 0
    assert await work.value("SELECT state FROM archive_requests") == "granted"
    work.today = TODAY + timedelta(days=1)
    assert await leavers.unfinished(work) == [READER.code]
    await depart.due(work, work.today)
    assert await work.value("SELECT state FROM archive_requests") == "revoked"
    assert await leavers.unfinished(work) == []


async def test_r52_r72_an_original_in_the_leavers_hands_is_an_exception_to_be_returned(
    work: Work,
) -> None:
    """R-72: one hand-over even of somebody who manages nobody; the paper comes back first."""
    key = await approved(work)
    loan = await lent(work, key, READER)
    await leave(work, READER.code)
    handover = await only(work)
    (fact,) = told(work, HandoverStarted)
    assert (fact.reason, fact.customers) == ("departure", ())
    (left_with,) = await leavers.in_hand(work, READER.code)
    assert (left_with.holding, left_with.customer_key) == (Holding.LENT, key)
    returned = TickOff(handover.handover_id, MarkKind.DOCUMENTS, "T002", words="一箱")
    with pytest.raises(StillInHand) as refusal:
        await tick_off.handle(work, returned)
    assert refusal.value.facts["in_hand"] == [f"lent:{left_with.asset_id}"]
    version = (await custody.load_loan(work, loan)).version
    await lend_original.give_back(work, MoveLoan(loan, KEEPER, version), AssetState.INTACT)
    await tick_off.handle(work, returned)


async def test_r52_r72_a_lost_original_is_a_case_and_holds_the_list_up_no_longer(
    work: Work,
) -> None:
    """R-72: loss is noted in the register; waiting for what is lost would never end."""
    key = await approved(work)
    loan = await lent(work, key, READER)
    await leave(work, READER.code)
    version = (await custody.load_loan(work, loan)).version
    await lend_original.give_back(work, MoveLoan(loan, KEEPER, version), AssetState.LOST)
    handover = await only(work)
    await tick_off.handle(
        work, TickOff(handover.handover_id, MarkKind.DOCUMENTS, "T002", words="无")
    )


async def test_r52_r71_what_a_leaver_keeps_goes_to_another_keeper_and_custodian(
    work: Work,
) -> None:
    """R-52, R-71: originals that he keeps, and files that he is custodian of, are named too."""
    key = await approved(work)
    await managed(work, key)
    loan = await lent(work, key, READER)
    file = await files.opened(work, key, TODAY)
    entrust = EntrustArchive(key, cast.COUNTY_MANAGER.code, DIRECTOR, "建档", file.version)
    await entrust_archive.handle(work, entrust)
    await leave(work, cast.COUNTY_MANAGER.code)
    left_with = await leavers.in_hand(work, cast.COUNTY_MANAGER.code)
    assert [each.holding for each in left_with] == [Holding.KEPT, Holding.CUSTODY]
    asset = await custody.load_asset(work, await custody.asset_of(work, loan))
    handing = HandAsset(asset.asset_id, cast.MANAGER_A.code, DIRECTOR, asset.version, "离职")
    await keep_asset.hand_over(work, handing)
    version = (await custody.load_loan(work, loan)).version
    back = MoveLoan(loan, acting(cast.MANAGER_A), version)
    await lend_original.give_back(work, back, AssetState.INTACT)
    again = await files.opened(work, key, TODAY)
    entrust = EntrustArchive(key, cast.MANAGER_A.code, DIRECTOR, "离职", again.version)
    await entrust_archive.handle(work, entrust)
    assert await leavers.in_hand(work, cast.COUNTY_MANAGER.code) == []


async def test_r72_while_its_keeper_is_here_a_lent_original_changes_no_hands(work: Work) -> None:
    """R-72, the other side: whoever lent it takes it back."""
    key = await approved(work)
    loan = await lent(work, key, READER)
    asset = await custody.load_asset(work, await custody.asset_of(work, loan))
    with pytest.raises(LentAlready):
        await keep_asset.hand_over(
            work, HandAsset(asset.asset_id, cast.MANAGER_A.code, DIRECTOR, asset.version, "调岗")
        )


async def test_r52_a_claim_on_an_original_ends_with_the_departure(work: Work) -> None:
    """R-72: nobody is handed an original after his last day."""
    key = await approved(work)
    loan = await lent(work, key, READER)
    await work.run("UPDATE archive_loans SET state = 'approved'")
    await leave(work, READER.code)
    assert (await custody.load_loan(work, loan)).state == "refused"
    assert await work.value("SELECT count(*) FROM handovers") == 0, "nothing is in his hands"


def test_r52_only_a_departure_asks_for_originals_and_only_while_there_are_any() -> None:
    """R-52: a rotation leaves paper where it is."""

    def missing(reason: HandoverReason, originals: int, *, is_gone: bool = True) -> list[Missing]:
        both = ("billing", "engagement")
        progress = Progress(
            reason=reason,
            without_successor=0,
            not_notified=0,
            are_documents_returned=True,
            originals_in_hand=originals,
            is_access_gone=is_gone,
            answered=both,
        )
        return progress.missing

    assert missing(HandoverReason.DEPARTURE, 1) == [Missing.ORIGINALS]
    assert missing(HandoverReason.DEPARTURE, 0) == []
    assert missing(HandoverReason.ROTATION, 1) == []
    assert missing(HandoverReason.DEPARTURE, 1, is_gone=False) == [Missing.ACCESS]
