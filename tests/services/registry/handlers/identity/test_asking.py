"""R-81: does this customer exist? Yes, ask that centre; who asked what is written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.identity.likeness import (
    DuplicateDetection,
    Grade,
    NothingToCompare,
    Reason,
    TooManyQuestions,
)
from services.registry.handlers.identity import ask_existence, keep_index
from services.registry.handlers.register import amend_customer, observe_customer, open_customers
from services.registry.handlers.register.amend_customer import AmendCustomer
from services.registry.storage.identity import likeness, marks, questions
from services.registry.storage.identity.likeness import Alike, Described
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.policy import in_force
from shared.work import Work
from tests.services.registry.story import Declaring, acting, approved, declared, mechanics
from tests.support import cast
from tests.support.facts import reported

CODE = "91440106MA5CQ5CX0U"
ASKER = acting(cast.CITY_ADMINISTRATOR)


async def ask(work: Work, **said: Any) -> list[Alike]:
    """What is answered to somebody of the city."""
    return list((await ask_existence.handle(work, ASKER, Described(**said))).alike)


async def asked_for(work: Work, name: str) -> list[tuple[UUID, Grade, tuple[Reason, ...]]]:
    """Who is like a customer of that name."""
    found = await ask(work, name=name)
    return [(each.customer_key, each.likeness.grade, each.likeness.reasons) for each in found]


async def test_r81_the_answer_names_the_centre_whatever_the_spelling(work: Work) -> None:
    key = await approved(work)
    for name, grade, reason in [
        ("广州南方机械有限公司", Grade.LIKELY, Reason.NAME),
        ("廣州南方機械股份有限公司", Grade.LIKELY, Reason.NAME_WITHOUT_FORM),
        ("广州南方机械（番禺）有限公司", Grade.POSSIBLE, Reason.NAME_WITHOUT_BRACKETS),
        ("广州南方机戒有限公司", Grade.POSSIBLE, Reason.NEAR_NAME),
    ]:
        assert await asked_for(work, name) == [(key, grade, (reason,))], name
    assert [each.centre for each in await ask(work, name="广州南方机械有限公司")] == ["GZ-TH"]
    assert await asked_for(work, "广州北方电子有限公司") == []


async def test_r81_a_short_name_and_a_former_one_are_compared_too(work: Work) -> None:
    key = await approved(work)
    for version, short_name in [(2, "南机集团"), (3, "南方重工")]:
        by = acting(cast.COUNTY_MANAGER)
        await amend_customer.handle(work, AmendCustomer(key, by, version, short_name=short_name))
    for name in ("南机集团", "南方重工", "广州南方机械有限公司"):
        assert [found[0] for found in await asked_for(work, name)] == [key], name


async def test_r81_a_phone_and_an_address_tell_and_stay_closed(work: Work) -> None:
    key = await approved(work)
    await marks.keep(
        work, key, "base", phones=["020-38881234"], addresses=["广东省广州市天河路1号"]
    )
    by_phone = await ask(work, phones=("(020) 3888 1234 转 5",))
    assert [(each.customer_key, each.likeness.reasons) for each in by_phone] == [
        (key, (Reason.PHONE,))
    ]
    both = await ask(work, phones=("02038881234",), addresses=("广州市天河路１号",))
    assert both[0].likeness.points == 70
    assert await ask(work, addresses=("广州市天河路1号",)) == []


async def test_r81_a_credit_code_tells_in_small_letters_too(work: Work) -> None:
    key = await approved(work, Declaring(customer=mechanics(unified_credit_code=CODE)))
    found = await ask(work, unified_credit_code=CODE.lower())
    assert [(each.customer_key, each.likeness.grade) for each in found] == [(key, Grade.SAME)]


async def test_r81_a_question_without_anything_to_compare_is_refused(work: Work) -> None:
    empty: list[dict[str, Any]] = [
        *({}, {"name": "——"}),
        *({"unified_credit_code": "123"}, {"phones": ("无",)}),
    ]
    for said in empty:
        with pytest.raises(NothingToCompare):
            await ask(work, **said)


async def test_r81_nobody_fishes_the_register(work: Work) -> None:
    policy = (await in_force(work, DuplicateDetection, work.today)).body
    for _ in range(policy.questions_a_day):
        await ask(work, name="广州南方机械有限公司")
    with pytest.raises(TooManyQuestions):
        await ask(work, name="广州南方机械有限公司")
    other = acting(cast.COUNTY_MANAGER)
    assert (await ask_existence.handle(work, other, Described(name="某公司"))).alike == []


async def test_r81_the_question_is_written_down_sealed_with_its_answer(work: Work) -> None:
    key = await approved(work)
    asked = Described(name="广州南方机械", phones=("13800138000",))
    answer = await ask_existence.handle(work, ASKER, asked)
    await work.run("SELECT kit.enter('P003', 'GD', :today)", {"today": work.today})
    row = await work.row(f"{questions.LISTED} AND question_id = :id", id=answer.question_id)
    assert row is not None
    assert (row["asked_by"], row["unit"], row["asked_on"]) == (
        *(ASKER.staff_code, ASKER.unit),
        work.today,
    )
    assert [each["customer_key"] for each in row["answered"]] == [str(key)]
    assert b"13800138000" not in bytes(row["asked"])
    assert questions.opened(work, row["asked"])["phones"] == ["13800138000"]


async def test_r81_many_candidates_are_compared_in_one_statement(work: Work) -> None:
    key = await approved(work)
    policy = (await in_force(work, DuplicateDetection, work.today)).body
    asked = [Described(name=f"某{at}企业") for at in range(300)]
    asked[120] = Described(name="广州南方机械 Co., Ltd.")
    asked[200] = Described(name="广州南方机械集团")
    found = await likeness.alike(work, asked, policy)
    assert [at for at, each in enumerate(found) if each] == [120]
    assert found[120][0].customer_key == key


async def test_r81_a_closed_customer_is_nobody_to_ask_for(work: Work) -> None:
    declaration = await declared(work)
    await work.run(
        "UPDATE customers SET closed_on = :on WHERE customer_key = :key",
        {"on": work.today, "key": declaration.customer_key},
    )
    assert await asked_for(work, "广州南方机械有限公司") == []


async def test_r81_customers_from_before_get_their_search_row_in_the_night(work: Work) -> None:
    key = await approved(work)
    await work.run("DELETE FROM customer_search")
    assert await asked_for(work, "广州南方机械有限公司") == []
    assert await keep_index.fill_search(work, work.today) == 1
    assert await keep_index.fill_search(work, work.today) == 0
    assert [found[0] for found in await asked_for(work, "广州南方机械有限公司")] == [key]


async def test_r81_a_phone_with_which_a_customer_was_opened_or_seen_tells_too(work: Work) -> None:
    said = CustomerOpened.model_validate(
        {
            "code": "K-1",
            "name": "广州羊城药业有限公司",
            "division_code": "440100",
            "owner_unit": "GZ",
            "opening": True,
            "phone": "020-38880000",
            "address": "广州市天河路1号",
            "unified_credit_code": CODE,
        }
    )
    await open_customers.handle(work, [reported(said)])
    found = await ask(work, phones=("02038880000",))
    assert [each.centre for each in found] == ["GZ"]
    seen = CustomerObserved(code="X-9", name="羊城", unified_credit_code=CODE, phone="13800138000")
    await observe_customer.handle(work, reported(seen, system="crm"))
    assert [each.customer_key for each in await ask(work, phones=("138 0013 8000",))] == [
        found[0].customer_key
    ]
