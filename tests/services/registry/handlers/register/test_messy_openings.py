"""X-11: messy registers: what can be kept is kept and flagged, nothing is silently corrected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.register.divisions import Correction, RetiredDivision
from services.registry.domain.register.quality import (
    FlagFinding,
    FlagOutcome,
)
from services.registry.handlers.register import (
    move_customer,
    resolve_flag,
)
from services.registry.handlers.register.move_customer import MoveCustomer
from services.registry.handlers.register.resolve_flag import ResolveFlag
from services.registry.storage.register import quality
from services.registry.storage.register.divisions import correct
from shared.auth import Caller
from shared.contracts.registry import CustomerChanged
from shared.errors import Refusal
from shared.work import Work
from tests.services.registry.handlers.register.test_opening import CREDIT_CODE, opened, opening
from tests.services.registry.story import acting, commit, customer, told
from tests.support import cast

WIDE = "９１１１００００６０００３７３４１Ｌ"


async def the_opened(work: Work, **others: Any) -> UUID:
    """One opened customer without managers; its key."""
    assert await opened(work, opening(managers=[], **others)) == []
    return told(work, CustomerChanged)[-1].customer_key


async def findings(work: Work, key: UUID) -> list[tuple[str, str, str | None]]:
    flags = await quality.open_flags(work, key)
    return [(each.flag.finding.value, each.flag.said, each.flag.kept) for each in flags]


async def resolved(work: Work, key: UUID, **how: Any) -> Any:
    """The only open flag of the customer, resolved by the city's director."""
    (flag,) = await quality.open_flags(work, key)
    version = (await customer(work, key)).version
    how = {"outcome": FlagOutcome.CORRECTED, "reason": "核对营业执照", **how}
    by = acting(cast.CITY_DIRECTOR)
    return await resolve_flag.handle(work, ResolveFlag(key, flag.flag_id, by, version, **how))


@pytest.mark.parametrize(
    ("said", "kept", "finding"),
    [
        (CREDIT_CODE, CREDIT_CODE, None),
        (CREDIT_CODE.lower(), CREDIT_CODE, FlagFinding.CREDIT_CODE_RESPELLED),
        (WIDE, CREDIT_CODE, FlagFinding.CREDIT_CODE_RESPELLED),
        ("9111 0000 6000 37341L", CREDIT_CODE, FlagFinding.CREDIT_CODE_RESPELLED),
        ("91110000600037341M", None, FlagFinding.CREDIT_CODE_INVALID),
        ("1234", None, FlagFinding.CREDIT_CODE_INVALID),
    ],
)
async def test_x11_a_credit_code_is_kept_in_its_standard_form_and_flagged_as_it_came(
    work: Work, said: str, kept: str | None, finding: FlagFinding | None
) -> None:
    key = await the_opened(work, unified_credit_code=said)
    assert (await customer(work, key)).unified_credit_code == kept
    assert await findings(work, key) == ([] if finding is None else [(finding, said, kept)])


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("500万元", "5000000"),
        ("壹仟万", "10000000"),
        ("人民币1,000.00万元整", "10000000"),
        ("１０００万元", "10000000"),
        ("3.5亿", "350000000"),
        ("1000000.55", "1000000.55"),
        ("100万美元", None),
        ("500-600万", None),
        ("不详", None),
        ("1000000.555", None),
    ],
)
async def test_x11_capital_is_kept_in_its_words_with_the_amount_beside_it(
    work: Work, said: str, amount: str | None
) -> None:
    key = await the_opened(work, registered_capital=said)
    kept = await customer(work, key)
    assert kept.registered_capital == said
    assert kept.capital_amount == (None if amount is None else Decimal(amount))
    unreadable = [(FlagFinding.CAPITAL_UNREADABLE, said, said)]
    assert await findings(work, key) == (unreadable if amount is None else [])


@pytest.mark.parametrize(
    ("said", "is_junk"),
    [("020-8888 8888", False), ("１３８００１３８０００", False), ("无", True), ("13800", True)],
)
async def test_x11_a_junk_phone_is_flagged(work: Work, said: str, is_junk: bool) -> None:
    key = await the_opened(work, phone=said)
    junk = [(FlagFinding.PHONE_UNREADABLE, "****", "****")]
    assert await findings(work, key) == (junk if is_junk else [])


async def test_x11_r74_what_came_instead_of_a_phone_is_sealed_and_kept_for_ever(
    work: Work,
) -> None:
    """R-74: people write names and numbers there; X-11: not a sign of it is lost."""
    said = "张经理 13800135678 或 020-88888888"
    key = await the_opened(work, phone=said)
    assert await findings(work, key) == [("phone-unreadable", "020****8888", "020****8888")]
    row = await work.row("SELECT * FROM quality_flags")
    assert row is not None
    assert "13800135678" not in str(dict(row))
    reader = cast.CITY_DIRECTOR
    work.caller = Caller(reader.code, reader.unit, frozenset(reader.roles))
    assert await quality.read_said(work, key, row["flag_id"], "核对") == said


async def test_x11_r33_a_retired_division_is_kept_flagged_and_numbers_nobody(work: Work) -> None:
    key = await the_opened(work, division_code="440116")
    said = told(work, CustomerChanged)[-1]
    assert (said.state, said.customer_id, said.division_code) == ("approved", None, "440116")
    assert await findings(work, key) == [(FlagFinding.DIVISION_RETIRED, "440116", "440116")]
    assert await work.value("SELECT count(*) FROM division_sequences") == 0
    with pytest.raises(RetiredDivision):
        await resolved(work, key, value="440116")


async def test_r32_branches_get_numbers_below_their_head_office(work: Work) -> None:
    batch = [
        opening(code="K-1-2", head_office_code="K-1", division_code="440300", managers=[]),
        opening(code="K-1", managers=[], unified_credit_code=CREDIT_CODE),
        opening(code="K-1-1", head_office_code="K-1", managers=[], unified_credit_code=CREDIT_CODE),
    ]
    assert await opened(work, *batch) == []
    issued = {fact.codes[0].code: fact.customer_id for fact in told(work, CustomerChanged)}
    assert issued == {
        "K-1": "44010000001000",
        "K-1-2": "44010000001001",
        "K-1-1": "44010000001002",
    }
    rows = await work.rows("SELECT DISTINCT division_code FROM issued_under")
    assert [row["division_code"] for row in rows] == ["440100"]


async def test_r32_a_branch_waits_for_its_head_office(work: Work) -> None:
    await opened(work, opening(code="K-1-1", head_office_code="K-1", managers=[]))
    await commit(work)
    assert await work.value("SELECT kind || ' ' || key FROM kit.waiting") == "customer erp:K-1"
    await opened(work, opening(code="K-1", managers=[]))
    await commit(work)
    ids = await work.rows("SELECT customer_id FROM customers ORDER BY customer_id")
    assert [row["customer_id"] for row in ids] == ["44010000001000", "44010000001001"]


async def test_r32_a_branch_of_a_branch_is_refused_and_one_below_no_id_is_flagged(
    work: Work,
) -> None:
    await the_opened(work, code="K-1", division_code="440116")
    branch = await the_opened(work, code="K-1-1", head_office_code="K-1", division_code="440106")
    assert await findings(work, branch) == [(FlagFinding.HEAD_OFFICE_WITHOUT_ID, "K-1", "K-1")]
    refused = await opened(work, opening(code="K-3", head_office_code="K-1-1", managers=[]))
    assert [refusal.code for refusal in refused] == ["branch-of-a-branch"]


async def test_r33_what_the_site_knows_of_a_division_holds(work: Work) -> None:
    await correct(work, [Correction("440106", "天河区", until=2025, successors=("440103",))])
    with pytest.raises(Refusal, match="440103 荔湾区"):
        await _moved(work, "440106")
    await correct(work, [Correction("440106", "天河区", successors=())])
    assert (await _moved(work, "440106")).division_code == "440106"


async def _moved(work: Work, division: str) -> Any:
    code = f"M{await work.value('SELECT count(*) FROM customers')}"
    key = await the_opened(work, code=code)
    by = acting(cast.CITY_DIRECTOR)
    command = MoveCustomer(key, by, 1, division, "迁址", date(2026, 3, 1))
    return await move_customer.handle(work, command)
