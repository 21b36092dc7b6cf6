"""Archives that were not updated in time are decided overdue, once (R-60, R-67, C6)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.registry.domain.archive.freshness import ArchiveFreshness
from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.handlers.archive import confirm_part, find_stale, write_part
from services.registry.handlers.archive.confirm_part import ConfirmPart
from services.registry.handlers.archive.write_part import WritePart
from services.registry.handlers.register import open_customers
from services.registry.storage.archive import freshness
from shared.contracts.enterprise import CustomerOpened
from shared.contracts.registry import ArchiveOverdue
from shared.policy import record
from shared.work import Work
from tests.services.registry.story import acting, approved, commit, enter, managed, told
from tests.support import cast
from tests.support.facts import reported

OPENED_ON = date(2026, 1, 12)


async def a_file(work: Work, tier: str | None) -> UUID:
    """An approved customer of a tier of the city's scheme, with managers and an open file."""
    await city_rhythm(work)
    key = await approved(work)
    await managed(work, key)
    await work.run(
        "INSERT INTO tiers (customer_key, scheme, version, tier, effective_on)"
        " VALUES (:key, 'city-post-2012', 1, :tier, '2026-01-01')",
        {"key": key, "tier": tier},
    )
    await commit(work)
    return key


async def city_rhythm(work: Work, **others: object) -> None:
    """The rhythm of R-67 as written."""
    months = {"vip": 1, "gold": 2, "platinum": 3}
    tiers = ["platinum", "gold", "vip"]
    await record(
        work,
        ArchiveFreshness,
        {"schemes": [{"scheme": "city-post-2012", "tiers": tiers, "months": months}], **others},
        date(2012, 1, 1),
        author="test",
        reason="as written",
        source="002",
    )


async def update(work: Work, key: UUID, on: date, version: int = 0) -> None:
    """The basic part gets its next version."""
    command = WritePart(
        *(key, Place(Section.BASIC), BasicPart(size="大型"), acting(cast.COUNTY_MANAGER)),
        *("走访后更新", version, on),
    )
    await enter(work, cast.COUNTY_MANAGER)
    await write_part.handle(work, command)


async def test_r60_a_new_key_account_gets_its_file_with_the_approval(work: Work) -> None:
    key = await approved(work)
    opened_on = await work.value("SELECT opened_on FROM archives WHERE customer_key = :k", k=key)
    assert opened_on == OPENED_ON
    assert await find_stale.open_files(work, OPENED_ON) == 0, "one file per key account"


async def test_r60_what_a_site_had_before_gets_its_file_at_night(work: Work) -> None:
    opened = {
        "code": "K-1",
        "name": "广州羊城药业有限公司",
        "division_code": "440100",
        "owner_unit": "GZ",
        "opening": True,
        "opened_on": "2026-03-02",
    }
    await open_customers.handle(work, [reported(CustomerOpened.model_validate(opened))])
    assert await find_stale.open_files(work, date(2026, 3, 1)) == 0, "not a key account yet"
    assert await find_stale.open_files(work, date(2026, 3, 2)) == 1
    assert await find_stale.open_files(work, date(2026, 3, 3)) == 0


async def test_r67_a_vip_file_is_overdue_the_day_after_a_month(work: Work) -> None:
    key = await a_file(work, "vip")
    assert await find_stale.overdue(work, date(2026, 2, 12)) == 0
    assert await find_stale.overdue(work, date(2026, 2, 13)) == 1
    (fact,) = told(work, ArchiveOverdue)
    assert (fact.customer_key, fact.due_on) == (key, date(2026, 2, 12))
    assert (fact.last_updated_on, fact.custodian) == (None, None)
    assert fact.inputs == {"months": 1, "counted_from_on": "2026-01-12"}
    assert fact.policy is not None
    assert (fact.policy.name, fact.entity.version) == ("archive-freshness", 1)


async def test_r67_gold_has_two_months_and_platinum_three(work: Work) -> None:
    await a_file(work, "gold")
    assert await find_stale.overdue(work, date(2026, 3, 12)) == 0
    assert await find_stale.overdue(work, date(2026, 3, 13)) == 1


async def test_r67_platinum_has_three_months(work: Work) -> None:
    await a_file(work, "platinum")
    assert await find_stale.overdue(work, date(2026, 4, 12)) == 0
    assert await find_stale.overdue(work, date(2026, 4, 13)) == 1


async def test_r67_a_lapse_is_told_once_and_an_update_begins_anew(work: Work) -> None:
    key = await a_file(work, "vip")
    assert await find_stale.overdue(work, date(2026, 2, 13)) == 1
    assert await find_stale.overdue(work, date(2026, 2, 14)) == 0
    await commit(work)
    await update(work, key, date(2026, 2, 14))
    assert await find_stale.overdue(work, date(2026, 3, 14)) == 0
    assert await find_stale.overdue(work, date(2026, 3, 15)) == 1
    (fact,) = told(work, ArchiveOverdue)
    assert (fact.entity.version, fact.last_updated_on) == (2, date(2026, 2, 14))


async def test_r67_an_earlier_update_told_later_changes_no_clock(work: Work) -> None:
    key = await a_file(work, "vip")
    await update(work, key, date(2026, 2, 10))
    await update(work, key, date(2026, 1, 20), 1)
    assert await find_stale.overdue(work, date(2026, 3, 10)) == 0


async def test_r67_a_confirmation_counts_where_the_policy_says_so(work: Work) -> None:
    key = await a_file(work, "vip")
    await update(work, key, date(2026, 1, 20))
    confirmation = ConfirmPart(
        *(key, Section.BASIC, 1, acting(cast.COUNTY_MANAGER), date(2026, 2, 15))
    )
    await enter(work, cast.COUNTY_MANAGER)
    await confirm_part.handle(work, confirmation)
    assert await find_stale.overdue(work, date(2026, 3, 15)) == 0
    assert await find_stale.overdue(work, date(2026, 3, 16)) == 1


async def test_r67_a_confirmation_does_not_count_where_the_policy_says_no(work: Work) -> None:
    key = await a_file(work, "vip")
    await city_rhythm(work, confirming_counts=False)
    await update(work, key, date(2026, 1, 20))
    await enter(work, cast.COUNTY_MANAGER)
    await confirm_part.handle(
        work,
        ConfirmPart(key, Section.BASIC, 1, acting(cast.COUNTY_MANAGER), date(2026, 2, 15)),
    )
    assert await find_stale.overdue(work, date(2026, 2, 21)) == 1


async def test_r67_the_tier_of_the_day_counts(work: Work) -> None:
    key = await a_file(work, "platinum")
    await work.run(
        "INSERT INTO tiers (customer_key, scheme, version, tier, effective_on)"
        " VALUES (:key, 'city-post-2012', 2, 'vip', '2026-03-01')",
        {"key": key},
    )
    assert await find_stale.overdue(work, date(2026, 2, 28)) == 0
    assert await find_stale.overdue(work, date(2026, 3, 1)) == 1


async def test_r67_a_customer_without_a_rule_is_listed_so_and_never_overdue(work: Work) -> None:
    key = await a_file(work, None)
    assert await find_stale.overdue(work, date(2030, 1, 1)) == 0
    policy = ArchiveFreshness([])
    row = await work.row(
        f"{freshness.DUE} WHERE r.customer_key = :key",
        key=key,
        **freshness.parameters(policy, date(2030, 1, 1)),
    )
    assert row is not None and (row["months"], row["due_on"]) == (None, None)
