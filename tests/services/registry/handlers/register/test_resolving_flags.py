"""X-11: a person resolves what a messy register was flagged for, and the flag stays."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.registry.domain.archive.access import NotPermitted
from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.register.customers import Customer
from services.registry.domain.register.observations import CustomerExists, InvalidCreditCode
from services.registry.domain.register.quality import (
    FlagFinding,
    FlagOutcome,
    FlagResolved,
    UnusableCorrection,
)
from services.registry.handlers.archive import write_part
from services.registry.handlers.archive.write_part import WritePart
from services.registry.handlers.register import (
    amend_customer,
    move_customer,
    register_customer,
    resolve_flag,
)
from services.registry.handlers.register.amend_customer import AmendCustomer
from services.registry.handlers.register.move_customer import MoveCustomer
from services.registry.handlers.register.register_customer import RegisterCustomer
from services.registry.handlers.register.resolve_flag import ResolveFlag
from services.registry.storage.archive import versions
from services.registry.storage.register import quality
from shared.contracts.registry import CustomerChanged
from shared.work import Work
from tests.services.registry.handlers.register.test_messy_openings import (
    findings,
    resolved,
    the_opened,
)
from tests.services.registry.handlers.register.test_opening import CREDIT_CODE, opened, opening
from tests.services.registry.story import acting, customer, enter, told
from tests.support import cast


async def test_c18_a_person_says_where_it_is_and_the_province_numbers_it(work: Work) -> None:
    key = await the_opened(work, division_code="440116")
    await resolved(work, key, value="440112")
    assert await findings(work, key) == []
    by = acting(cast.PROVINCE_ADMINISTRATOR)
    done = await register_customer.handle(work, RegisterCustomer(key, by, 2))
    assert done.customer.customer_id == "44011200001000"
    row = await work.row("SELECT * FROM issued_under")
    assert row is not None
    assert (row["customer_id"], row["division_code"]) == ("44011200001000", "440112")


async def test_x11_a_move_resolves_the_flag_on_the_division(work: Work) -> None:
    key = await the_opened(work, division_code="440116", phone="无")
    by = acting(cast.CITY_DIRECTOR)
    await move_customer.handle(work, MoveCustomer(key, by, 1, "440112", "撤区并入"))
    assert await findings(work, key) == [(FlagFinding.PHONE_UNREADABLE, "****", "****")]
    row = await work.row("SELECT outcome, value, resolved_by FROM flag_resolutions")
    assert row is not None
    assert tuple(row.values()) == ("corrected", "440112", by.staff_code)


async def test_x11_a_flag_is_resolved_by_a_correction_with_its_author(work: Work) -> None:
    key = await the_opened(work, unified_credit_code="1234")
    with pytest.raises(InvalidCreditCode):
        await resolved(work, key, value="12345")
    resolution = await resolved(work, key, value=CREDIT_CODE)
    assert (resolution.resolved_by, resolution.value) == (cast.CITY_DIRECTOR.code, CREDIT_CODE)
    assert (await customer(work, key)).unified_credit_code == CREDIT_CODE
    assert await findings(work, key) == []
    assert await work.value("SELECT said FROM quality_flags") == "1234"
    step = await work.row("SELECT * FROM customer_changes ORDER BY version DESC LIMIT 1")
    assert step is not None
    assert (step["step"], step["by"]) == ("corrected", cast.CITY_DIRECTOR.code)


async def test_x11_r74_a_corrected_phone_goes_into_the_archive_and_nowhere_in_plain(
    work: Work,
) -> None:
    """X-11: the customer's new version with its evidence; R-74: the number itself is sealed."""
    key = await the_opened(work, phone="138-无")
    await enter(work, cast.CITY_DIRECTOR)
    with pytest.raises(UnusableCorrection):
        await resolved(work, key, value="138")
    resolution = await resolved(work, key, value="13800135678")
    assert resolution.value == "138****5678"
    assert await findings(work, key) == []
    (stored,) = await versions.load(work, [key], [Section.BASIC])
    assert stored.secrets["/phone"] == "13800135678"
    step = await work.row("SELECT * FROM customer_changes ORDER BY version DESC LIMIT 1")
    assert step is not None
    assert (step["step"], step["reason"]) == ("corrected", "核对营业执照")
    plain = await work.rows("SELECT value, reason FROM flag_resolutions")
    assert "13800135678" not in str(plain)


async def test_x11_a_corrected_phone_leaves_the_rest_of_the_basic_part_as_it_is(
    work: Work,
) -> None:
    """X-11: only the flagged datum changes, in a version that says why."""
    key = await the_opened(work, phone="138-无")
    await enter(work, cast.CITY_DIRECTOR)
    written = WritePart(
        *(key, Place(Section.BASIC), BasicPart(size="大型", phone="020-11111111")),
        *(acting(cast.CITY_DIRECTOR), "建档", 0),
    )
    await write_part.handle(work, written)
    with pytest.raises(NotPermitted):
        await resolved(work, key, value="13800135678")
    await work.run(
        "UPDATE archives SET custodian = :code WHERE customer_key = :key",
        {"code": cast.CITY_DIRECTOR.code, "key": key},
    )
    await resolved(work, key, value="13800135678")
    (stored,) = await versions.load(work, [key], [Section.BASIC])
    content = stored.shown(is_masked=False)
    assert content == BasicPart(size="大型", phone="13800135678")
    assert stored.version == 2


async def test_x11_a_capital_is_amended_like_anything_else_and_answers_its_flag(
    work: Work,
) -> None:
    """X-11: words without an amount are kept and flagged, by whatever way they came."""
    key = await the_opened(work, registered_capital="不详")
    by = acting(cast.CITY_DIRECTOR)

    async def amended(said: str) -> Customer:
        version = (await customer(work, key)).version
        command = AmendCustomer(key, by, version, registered_capital=said)
        return await amend_customer.handle(work, command)

    known = await amended("500万元")
    assert (known.registered_capital, known.capital_amount) == ("500万元", Decimal(5_000_000))
    assert await findings(work, key) == []
    row = await work.row("SELECT outcome, value, resolved_by FROM flag_resolutions")
    assert row is not None
    assert tuple(row.values()) == ("corrected", "500万元", by.staff_code)
    abroad = await amended("500万美元")
    assert (abroad.registered_capital, abroad.capital_amount) == ("500万美元", None)
    assert await findings(work, key) == [("capital-unreadable", "500万美元", "500万美元")]


async def test_x11_r32_a_head_office_without_an_id_is_no_matter_of_another_value(
    work: Work,
) -> None:
    """R-32: its ID is issued first; a correction that changes nothing is refused, not kept."""
    await the_opened(work, code="H-1", division_code="440116")
    assert await opened(work, opening(code="B-1", managers=[], head_office_code="H-1")) == []
    branch = told(work, CustomerChanged)[-1].customer_key
    (flag,) = await quality.open_flags(work, branch)
    command = ResolveFlag(
        *(branch, flag.flag_id, acting(cast.CITY_DIRECTOR), 1, FlagOutcome.CORRECTED, "补"),
        "H-2",
    )
    with pytest.raises(UnusableCorrection):
        await resolve_flag.handle(work, command)


async def test_x11_a_correction_needs_a_value_and_a_confirmation_has_none(work: Work) -> None:
    key = await the_opened(work, registered_capital="不详")
    for how in (
        {"value": None},
        {"value": "5元", "outcome": FlagOutcome.CONFIRMED},
        {"value": "还是不详"},
    ):
        with pytest.raises(UnusableCorrection):
            await resolved(work, key, **how)
    await resolved(work, key, outcome=FlagOutcome.CONFIRMED)
    assert await findings(work, key) == []
    flag = await work.value("SELECT flag_id FROM quality_flags")
    again = ResolveFlag(
        *(key, flag, acting(cast.CITY_DIRECTOR), 1, FlagOutcome.CONFIRMED, "又看了一遍"),
    )
    with pytest.raises(FlagResolved):
        await resolve_flag.handle(work, again)


async def test_x11_r81_a_correction_cannot_make_two_of_one(work: Work) -> None:
    await the_opened(work, unified_credit_code=CREDIT_CODE)
    other = await the_opened(work, code="K-2", unified_credit_code="1234")
    with pytest.raises(CustomerExists):
        await resolved(work, other, value=CREDIT_CODE)
