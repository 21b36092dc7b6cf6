"""The general ledger over HTTP: every caller's trial balance is the sum of the lines in sight."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.billing.consumers import CONSUMERS
from shared.service import Runtime
from tests.services.billing.books import as_fact, split
from tests.support import cast
from tests.support.http import Asking

pytestmark = pytest.mark.usefixtures("furnished")
READERS = [cast.AUDITOR, cast.FINANCE, cast.COUNTY_DIRECTOR, cast.OTHER_CITY_FINANCE]


async def got(client: httpx.AsyncClient, path: str, **params: str) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("person", READERS)
async def test_a_trial_balance_is_the_sum_of_the_lines_that_its_reader_sees_b_34(
    asking: Asking, person: cast.Person
) -> None:
    """The function that asks the scope once shows what the journal's own policies show."""
    client = asking(person)
    for on in ("2026-01-31", "2026-03-16"):
        lines = await got(client, "/v1/ledger/journal", until_on=on, page_size="200")
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines["items"]:
            sums[line["debit"]] += Decimal(line["amount"])
            sums[line["credit"]] -= Decimal(line["amount"])
        trial = await got(client, "/v1/ledger/trial-balance", on=on, dates="occurred")
        told = {each["account"]: Decimal(each["balance"]) for each in trial["accounts"]}
        assert {name: each for name, each in told.items() if each} == {
            name: each for name, each in sums.items() if each
        }
        assert trial["balance"] == "0.00"
    assert lines["items"], "something of the last day is in sight"


async def test_all_lines_of_a_posting_are_found_by_it_as_far_as_they_are_in_sight_b_34(
    asking: Asking, furnished: Runtime
) -> None:
    """Those that were taken back and the new ones too; a unit sees its own, whoever's customer."""
    ruling = split(cast.ELECTRONICS, {"GZ": "0.5", "SZ": "0.5"}, version=2, rule="ruling")
    async with furnished.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(ruling)])
    everything = await got(asking(cast.AUDITOR), "/v1/ledger/journal", page_size="200")
    seen: set[str] = set()
    for reader in READERS:
        own = await got(asking(reader), "/v1/ledger/journal", page_size="200")
        for source_id in {line["source_id"] for line in everything["items"]}:
            found = await got(asking(reader), "/v1/ledger/journal", source_id=source_id)
            assert found["items"] == [
                line for line in own["items"] if line["source_id"] == source_id
            ]
            seen |= {line["kind"] for line in found["items"]}
    assert {"revenue", "restatement", "charge", "payment", "application", "late_fee"} <= seen
