"""X-05, B-30: form 4 of 001, the revenue table, as PDF and as XLSX, within scope."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import unquote

import httpx
import pytest
from pypdf import PdfReader

from services.billing.consumers import CONSUMERS
from shared.service import Runtime
from tests.services.billing.books import as_fact, revenue
from tests.support import cast
from tests.support.http import Asking
from tests.support.printed import cells_of, text_of

pytestmark = pytest.mark.usefixtures("furnished")
YEAR = {"from_month": "2026-01", "until_month": "2026-12"}


async def printed(
    asking: Asking, person: cast.Person = cast.CITY_DIRECTOR, **question: str
) -> httpx.Response:
    """Form 4 as `person` gets it."""
    return await asking(person).get("/v1/forms/revenue-table", params=question)


async def cells(asking: Asking, person: cast.Person, **question: str) -> list[str]:
    """Every cell of the form as XLSX."""
    answer = await printed(asking, person, format="xlsx", **question)
    assert answer.status_code == 200, answer.text
    return cells_of(answer.content)


def after(found: list[str], *labels: str) -> list[list[str]]:
    """The five figures behind every row that ends with `labels`."""
    size = len(labels)
    return [
        found[place + size : place + size + 5]
        for place in range(len(found))
        if tuple(found[place : place + size]) == labels
    ]


async def test_b30_a_row_per_account_product_and_month_with_base_and_increment(
    asking: Asking,
) -> None:
    """B-30, R-44: the total of every table is the ledger's."""
    found = await cells(asking, cast.PROVINCE_DIRECTOR, **YEAR)
    name = cast.ELECTRONICS.name
    assert after(found, name, "速递", "2026-01")[0][:4] == ["100", "0", "100", "0"]
    assert after(found, name, "函件", "2026-02")[0][:4] == ["50", "20", "70", "0"]
    assert after(found, cast.INSURER.name, "速递", "2026-02")[0][:4] == ["50", "0", "50", "0"]
    assert [row[:4] for row in after(found, "合计")] == [["270", "20", "290", "0"]] * 4
    assert after(found, "收入合计")[0][0] == "290"


async def test_x05_the_totals_by_line_unit_and_month_stand_below(asking: Asking) -> None:
    found = await cells(asking, cast.PROVINCE_DIRECTOR, **YEAR)
    assert after(found, "函件")[-1][:3] == ["50", "20", "70"]
    assert after(found, "GZ 广州市邮政局大客户中心")[-1][:3] == ["140", "0", "140"]
    assert after(found, "GZ-TH 广州市天河区邮政局大客户中心")[-1][:3] == ["0", "20", "20"]
    assert after(found, "2026-02")[-1][:3] == ["170", "20", "190"]


async def test_x05_a_unit_prints_what_it_and_those_below_it_got(asking: Asking) -> None:
    """Masked as the screen: of a customer out of sight only the amount is known."""
    own = await cells(asking, cast.CITY_DIRECTOR, **YEAR)
    assert after(own, "收入合计")[0][0] == "160"
    assert cast.SOFTWARE.name not in own
    other = await cells(asking, cast.OTHER_CITY_DIRECTOR, **YEAR)
    assert after(other, "收入合计")[0][0] == "130"
    assert cast.ELECTRONICS.name not in other
    assert after(other, "（不在查看范围）", "速递", "2026-01")[0][:3] == ["40", "0", "40"]
    below = await cells(asking, cast.CITY_DIRECTOR, unit="GZ-TH", **YEAR)
    assert after(below, "收入合计")[0][0] == "20"


@pytest.mark.parametrize(
    ("person", "unit", "status"),
    [
        (cast.CITY_DIRECTOR, "GZ", 200),
        (cast.FINANCE, "GZ-TH", 200),
        (cast.CITY_DIRECTOR, "SZ", 403),
        (cast.CITY_DIRECTOR, "GD", 403),
        (cast.CITY_DIRECTOR, "XX", 403),
        (cast.TELEPHONE, "GZ", 403),
        (cast.MANAGER_A, "GZ", 403),
    ],
)
async def test_x05_form_4_is_for_those_who_read_the_books_of_their_units(
    asking: Asking, person: cast.Person, unit: str, status: int
) -> None:
    assert (await printed(asking, person, unit=unit, **YEAR)).status_code == status


async def test_x05_a_pdf_says_unit_period_scheme_and_who_signs(asking: Asking) -> None:
    answer = await printed(asking, from_month="2026-02")
    assert answer.headers["content-type"] == "application/pdf"
    text = text_of(answer.content)
    for expected in (
        *("表4", "大客户用邮收入统计表", "GZ广州市邮政局大客户中心", "2026-02-01至2026-02-28"),
        *("分成方案", "元（CNY），不含税", "填表人", "财务审核", "版式为本系统设计", "打印：G001"),
    ):
        assert expected in text
    assert unquote(answer.headers["content-disposition"].partition("UTF-8''")[2]) == (
        "大客户用邮收入统计表-GZ-2026-02.pdf"
    )


async def test_x05_without_a_period_it_is_the_month_before(asking: Asking) -> None:
    """The business day of the tests is 16 March 2026."""
    found = await cells(asking, cast.CITY_DIRECTOR)
    assert "2026-02-01 至 2026-02-28" in found
    assert after(found, "收入合计")[0][0] == "100"


async def test_x05_an_empty_table_says_so_and_a_wrong_period_is_refused(asking: Asking) -> None:
    assert "（无）" in await cells(asking, cast.CITY_DIRECTOR, from_month="2025-01")
    wrong: list[tuple[dict[str, str], str]] = [
        ({"from_month": "2026-02", "until_month": "2026-01"}, "/problems/empty-period"),
        ({"from_month": "2025-01", "until_month": "2026-01"}, "/problems/period-too-long"),
        ({"from_month": "2026-13"}, "/problems/invalid-input"),
    ]
    for question, problem in wrong:
        answer = await printed(asking, cast.CITY_DIRECTOR, **question)
        assert (answer.status_code, answer.json()["type"]) == (422, problem)


async def test_x05_the_year_before_stands_beside_it(asking: Asking, process: Runtime) -> None:
    async with process.works.begin() as work:
        facts = [
            revenue(cast.INSURER, "OLD-1", 40, on=cast.SINCE.replace(year=2025, month=2)),
            revenue(cast.INSURER, "OLD-2", 9, on=cast.SINCE.replace(year=2025), line="parcel"),
        ]
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])
    found = await cells(asking, cast.CITY_DIRECTOR, **YEAR)
    assert after(found, cast.INSURER.name, "速递", "2026-02") == [["50", "0", "50", "40", "25"]]
    assert after(found, cast.INSURER.name, "包裹", "2026-01") == [["0", "0", "0", "9", "-100"]]


async def test_x05_amounts_are_exact_numbers_of_the_sheet(asking: Asking, process: Runtime) -> None:
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(
            work, [as_fact(revenue(cast.INSURER, "R-9", "8888888888.07", line="parcel"))]
        )
    answer = await printed(asking, format="xlsx", business_line="parcel", from_month="2026-01")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert "<v>8888888888.07</v>" in book.read("xl/worksheets/sheet1.xml").decode()


async def test_x05_a_large_table_goes_over_many_pages_each_with_its_head(
    asking: Asking, process: Runtime
) -> None:
    async with process.works.begin() as work:
        lines = [
            as_fact(revenue(cast.INSURER, f"M-{number}", "1.01", line=f"line-{number:03d}"))
            for number in range(120)
        ]
        await CONSUMERS.dispatch(work, lines)
    answer = await printed(asking, from_month="2026-01")
    pages = [
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages
    ]
    assert len(pages) > 4
    assert all("存量收入增量收入收入合计" in page for page in pages[:-1])
    assert sum(page.count("岭南保险股份有限公司") for page in pages) == 120
    assert "181.20" in "".join(pages)
