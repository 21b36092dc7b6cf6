"""A customer's statement on paper and as a sheet, with amounts in capitals (B-34)."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.billing.api.books import ledger
from services.billing.api.forms.statement import KINDS
from services.billing.consumers import CONSUMERS
from services.billing.domain.books.journal import JournalKind
from shared.auth import Caller
from shared.clock import Clock
from shared.documents.capitals import in_capitals
from shared.http.paging import Page, PageRequest
from shared.http.reading import Readings, create_reading_engine
from shared.http.tracing import Trace
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import as_fact, payment
from tests.support import cast
from tests.support.http import Asking
from tests.support.printed import cells_of, text_of

pytestmark = pytest.mark.usefixtures("furnished")
PERIOD = {"from_on": "2026-01-01", "until_on": "2026-02-28"}
ELECTRONICS = {"customer_key": str(cast.ELECTRONICS.key), **PERIOD}


@pytest.fixture
def caller() -> cast.Person:
    return cast.FINANCE


async def got(client: httpx.AsyncClient, path: str, **params: str) -> httpx.Response:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer


async def as_json(client: httpx.AsyncClient, **params: str) -> Any:
    return (await got(client, "/v1/ledger/statement", **{**ELECTRONICS, **params})).json()


async def test_a_statement_prints_what_the_ledger_says_and_the_sum_in_capitals_b_34(
    client: httpx.AsyncClient,
) -> None:
    said = await as_json(client)
    closing = Decimal(said["closing"])
    answer = await got(client, "/v1/forms/statement", **ELECTRONICS, format="xlsx")
    cells = cells_of(answer.content)
    assert cast.ELECTRONICS.name in cells
    assert cells[cells.index("大写") + 1] == in_capitals(closing, "CNY")
    assert Decimal(cells[cells.index("期初余额") + 1]) == Decimal(said["opening"])
    lines = said["lines"]["items"]
    assert [cells[cells.index("P-1") - 1], cells[cells.index("P-1") + 1]] == ["收款", "560"]
    assert len(lines) == 2, "a payment, and late fees of two months"
    pdf = await got(client, "/v1/forms/statement", **ELECTRONICS)
    text = text_of(pdf.content)
    for words in ("客户对账单", "珠江电子", "大写", in_capitals(closing, "CNY")):
        assert words in text


async def test_the_lines_run_from_the_opening_to_the_closing_balance_b_34(
    client: httpx.AsyncClient,
) -> None:
    for dates in ("booked", "occurred"):
        said = await as_json(client, dates=dates)
        moved = sum(
            Decimal(line["debit"]) - Decimal(line["credit"]) for line in said["lines"]["items"]
        )
        assert Decimal(said["opening"]) + moved == Decimal(said["closing"])


async def test_a_statement_of_a_closed_month_stays_and_shows_both_days_b_34(
    client: httpx.AsyncClient, asking: Asking, furnished: Runtime
) -> None:
    closer = asking(cast.PROVINCE_FINANCE)
    answer = await closer.post("/v1/months/2026-01/close", json={})
    assert answer.status_code == 200, answer.text
    january = {"until_on": "2026-01-31"}
    before = await as_json(client, **january)
    async with furnished.works.begin() as work:
        late = payment(cast.ELECTRONICS, "P-7", 50, "C-1", on=date(2026, 1, 25))
        await CONSUMERS.dispatch(work, [as_fact(late)])
    after = await as_json(client, **january)
    assert {**after, "version": 0} == {**before, "version": 0}
    assert after["version"] > before["version"], "the account has changed all the same"
    february = await as_json(client, from_on="2026-02-01")
    (line,) = [each for each in february["lines"]["items"] if each["ref"] == "P-7"]
    assert (line["event_on"], line["booked_on"]) == ("2026-01-25", "2026-02-01")
    on_its_day = await as_json(client, **january, dates="occurred")
    assert Decimal(on_its_day["closing"]) < Decimal(before["closing"]) - 49


async def test_balances_come_with_the_version_of_the_account_b_34(
    client: httpx.AsyncClient, furnished: Runtime
) -> None:
    async def asked() -> httpx.Response:
        key = str(cast.INSURER.key)
        return await got(client, "/v1/ledger/balances", customer_key=key)

    before = await asked()
    held = {each["account"]: each["balance"] for each in before.json()["accounts"]}
    assert held == {"receivable": "0.00", "unapplied_cash": "-100.00"}
    assert before.headers["etag"] == f'"{before.json()["version"]}"'
    assert (await asked()).headers["etag"] == before.headers["etag"]
    async with furnished.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(payment(cast.INSURER, "P-8", 1))])
    after = await asked()
    assert after.json()["version"] > before.json()["version"]
    held = {each["account"]: each["balance"] for each in after.json()["accounts"]}
    assert held == {"receivable": "0.00", "unapplied_cash": "-101.00"}


async def test_what_is_too_much_for_paper_is_exported_row_by_row(
    client: httpx.AsyncClient,
) -> None:
    answer = await got(
        client, "/v1/ledger/statement/export", **ELECTRONICS, purpose="对账", format="csv"
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    lines = (await as_json(client))["lines"]["items"]
    assert [(row["业务日期"], Decimal(row["借方"])) for row in rows] == [
        (line["event_on"], Decimal(line["debit"])) for line in lines
    ]


async def test_nobody_prints_the_account_of_a_customer_out_of_sight(asking: Asking) -> None:
    client = asking(cast.OTHER_CITY_FINANCE)
    answer = await client.get("/v1/forms/statement", params=ELECTRONICS)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-account")
    balances = await got(client, "/v1/ledger/balances", customer_key=ELECTRONICS["customer_key"])
    assert balances.json()["accounts"] == []


def test_every_kind_of_journal_that_moves_an_account_has_a_word_on_paper() -> None:
    unseen = {JournalKind.REVENUE, JournalKind.RESTATEMENT, JournalKind.APPLICATION}
    assert set(JournalKind) - unseen == set(KINDS)


class Interrupted(PageRequest):
    """A page that is read only after somebody has paid."""

    paid: Runtime

    async def read(self, *arguments: Any, **parameters: Any) -> Page[Any]:
        fact = payment(cast.ELECTRONICS, "P-77", 7, on=date(2026, 1, 20))
        await self.paid.receiver.receive([as_fact(fact).message])
        return await super().read(*arguments, **parameters)


async def test_the_lines_of_a_statement_are_of_the_same_instant_as_its_sums_b_34(
    furnished: Runtime, clock: Clock
) -> None:
    settings = furnished.settings
    engine = create_reading_engine(settings, "tests")
    readings = Readings("billing", engine, clock, settings, furnished.works.box)
    page = Interrupted(50, None, "")
    page.paid = furnished
    finance = Caller(cast.FINANCE.code, cast.FINANCE.unit, frozenset(cast.FINANCE.roles))

    async def answer(work: Work) -> ledger.StatementOut:
        days = date(2026, 1, 1), date(2026, 2, 28)
        return await ledger.statement(work, page, cast.ELECTRONICS.key, *days)

    said = await readings.read(finance, Trace("0" * 32, "00", "here"), answer)
    later = await readings.read(finance, Trace("0" * 32, "00", "here"), answer)
    await readings.close()
    for statement in (said, later):
        assert statement.credits == sum(line.credit for line in statement.lines.items)
    assert later.credits > said.credits
