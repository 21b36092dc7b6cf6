"""Control totals over HTTP: for whoever answers for the whole books (B-35)."""

from __future__ import annotations

import pytest

from services.billing.consumers import CONSUMERS
from shared.service import Runtime
from tests.services.billing.books import JANUARY, as_fact
from tests.services.billing.handlers.books.test_control_totals import total
from tests.support import cast
from tests.support.http import Asking

pytestmark = pytest.mark.usefixtures("furnished")
DAY = {"from_on": "2026-01-15", "until_on": "2026-01-15"}


async def test_totals_and_differences_are_read_b_35(asking: Asking, furnished: Runtime) -> None:
    said = total("revenue_recorded", JANUARY, "1.00", R_77="1.00")
    async with furnished.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(said)])
    for person in (cast.PROVINCE_FINANCE, cast.AUDITOR):
        client = asking(person)
        (row,) = (await client.get("/v1/control-totals", params=DAY)).json()["items"]
        assert (row["system"], row["event"], row["day"]) == (
            "erp",
            "revenue_recorded",
            "2026-01-15",
        )
        assert (row["stated_count"], row["accepted_count"], row["is_agreed"]) == (1, 0, False)
        asked = {"system": "erp", "event": "revenue_recorded", "day": "2026-01-15"}
        answer = await client.get("/v1/control-totals/differences", params=asked)
        assert answer.json()["items"] == [
            {
                "ref": "R-77",
                "stated_amount": "1.00",
                "accepted_amount": None,
                "state": "unknown",
                "code": None,
            }
        ]


@pytest.mark.parametrize("person", [cast.CITY_DIRECTOR, cast.MANAGER_A])
async def test_totals_of_all_are_not_for_everybody(asking: Asking, person: cast.Person) -> None:
    answer = await asking(person).get("/v1/control-totals", params=DAY)
    assert answer.status_code == 403
