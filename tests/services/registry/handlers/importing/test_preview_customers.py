"""X-11: what a file of customers would meet in the register, told before it is sent."""

from __future__ import annotations

from typing import Any, cast

import pytest

from services.registry.handlers.importing.preview_customers import PreviewCustomers
from services.registry.handlers.register import observe_customer
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.contracts.envelope import Event
from shared.importing.previews import Opinion, Said
from shared.importing.problems import Reason
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.services.registry.handlers.register.test_opening import CREDIT_CODE, opened, opening
from tests.services.registry.story import Declaring, commit, declared, mechanics
from tests.support.facts import reported

OTHER_CODE = "91440101MA59ABCD19"


async def looked(
    work: Work, *said: CustomerOpened | CustomerObserved, look: PreviewCustomers | None = None
) -> list[Opinion]:
    """The opinions on the lines 2, 3 … of a file; nothing is kept."""
    lines = [
        Said(line, cast("Fact[Event]", reported(each))) for line, each in enumerate(said, start=2)
    ]
    opinions: list[Opinion] = []
    with pytest.raises(LookupError):
        async with work.savepoint():
            opinions = await (look or PreviewCustomers())(work, lines)
            raise LookupError
    return opinions


def kinds(opinion: Opinion) -> list[str]:
    """The kinds of the remarks, or the English reason."""
    if isinstance(opinion, Reason):
        return [opinion.english]
    return [remark.kind for remark in opinion]


def row(code: str, **others: Any) -> CustomerOpened:
    return opening(code=code, managers=[], **{"name": f"客户{code}", **others})


async def test_x11_a_good_row_has_no_remark_and_nothing_is_kept(work: Work) -> None:
    assert await looked(work, row("K-1"), row("K-2")) == [[], []]
    assert await work.value("SELECT count(*) FROM customers") == 0
    assert await work.value("SELECT count(*) FROM division_sequences") == 0


async def test_x11_what_the_rules_refuse_comes_back_with_the_reason(work: Work) -> None:
    wrong = [
        row("K-1", division_code="449900"),
        row("K-2", owner_unit="GZ-TH-01"),
        opening(code="K-3", managers=[{"staff_code": "G004", "role": "B"}]),
    ]
    reasons = [kinds(each)[0] for each in await looked(work, *wrong)]
    assert reasons[0].startswith("Unknown division")
    assert reasons[1].startswith("The unit has no centre") or "centre" in reasons[1]
    assert reasons[2].startswith("Managers do not fit")


async def test_x11_what_can_be_kept_is_told_with_its_flags(work: Work) -> None:
    messy = row(
        *("K-1",), division_code="440116", phone="无", unified_credit_code=CREDIT_CODE.lower()
    )
    (opinion,) = await looked(work, messy)
    assert sorted(kinds(opinion)) == [
        *("credit-code-respelled", "division-retired", "phone-unreadable")
    ]
    assert "440116" in str(opinion)


async def test_x11_duplicates_within_the_file_are_found_across_batches(work: Work) -> None:
    look = PreviewCustomers()
    first = row("K-1", name="广州羊城药业有限公司", unified_credit_code=CREDIT_CODE)
    assert await looked(work, first, look=look) == [[]]
    same_name = row("K-2", name="广州羊城药业有限责任公司")
    same_code = row("K-3", unified_credit_code=CREDIT_CODE)
    by_name, by_code = await looked(work, same_name, same_code, look=look)
    assert kinds(by_name) == ["duplicate-in-file"]
    assert kinds(by_code) == ["the credit code stands on line 2 already"]


async def test_x11_r81_duplicates_in_the_register_are_told_blindly(work: Work) -> None:
    how = Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE))
    declaration = await declared(work, how)
    same_code = row("K-1", unified_credit_code=CREDIT_CODE)
    same_name = row("K-2", name="广州南方机械有限责任公司")
    by_code, by_name = await looked(work, same_code, same_name)
    assert kinds(by_code) == [
        "Customer exists: this customer was declared before; ask the centre GZ-TH"
    ]
    assert kinds(by_name) == ["duplicate-in-register"]
    assert "GZ-TH" in str(by_name)
    assert str(declaration.customer_key) not in str([by_code, by_name])


async def test_x11_a_code_that_is_in_the_register_is_refused(work: Work) -> None:
    assert await opened(work, row("K-1")) == []
    await commit(work)
    (opinion,) = await looked(work, row("K-1", name="别的名字"))
    assert kinds(opinion)[0].startswith("Opened before")


async def test_x11_a_row_that_waits_says_for_whom(work: Work) -> None:
    unit, person, branch = await looked(
        work,
        row("K-1", owner_unit="DG"),
        opening(code="K-2", managers=[{"staff_code": "N7", "role": "A"}]),
        row("K-3", head_office_code="K-0"),
    )
    assert [kinds(each) for each in (unit, person, branch)] == [["waits"]] * 3
    assert "DG" in str(unit)
    assert "N7" in str(person)
    assert "K-0" in str(branch)


async def test_x11_r32_a_branch_shares_the_credit_code_of_its_head_office(work: Work) -> None:
    said = [
        row("K-1", unified_credit_code=CREDIT_CODE),
        row("K-1-1", head_office_code="K-1", unified_credit_code=CREDIT_CODE),
    ]
    assert await looked(work, *said) == [[], []]
    assert await opened(work, said[0]) == []
    await commit(work)
    (branch,) = await looked(work, said[1])
    assert kinds(branch) == ["duplicate-in-register"]


async def test_x11_an_observed_customer_may_be_somebody_known(work: Work) -> None:
    await declared(work, Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE)))
    seen = CustomerObserved.model_validate(
        {"code": "C-7", "name": "某公司", "unified_credit_code": CREDIT_CODE}
    )
    (opinion,) = await looked(work, seen)
    assert kinds(opinion) == ["duplicate-in-register"]
    await observe_customer.handle(work, reported(seen))
