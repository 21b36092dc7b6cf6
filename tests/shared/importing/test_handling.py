"""Rows through a handler: each by itself, once, and undone in a dry run."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.importing.settings import ImportSettings
from shared.service import Runtime, Service
from shared.settings import Settings
from tests.shared.importing.conftest import Desk
from tests.support.clocks import SetClock

MAPPING = """
kind: widgets
system: plm
fields:
  ref: Nr
  colour: Farbe
  made_on: {column: Datum, format: "%d.%m.%Y"}
  price: Preis
  tags: {column: Tags, split: ";"}
extra_rows:
  - {ref: W0, colour: white}
"""
TEXT = "Nr,Farbe,Datum,Preis,Tags\nW1,red,1.3.2026,12.50,a; b\nW2,black,2.3.2026,,\nW3,green,,,\n"


@pytest.fixture
def desk(tmp_path: Path, service: Service, clock: SetClock, settings: Settings) -> Desk:
    """Imports on a database of its own."""
    return Desk(tmp_path, service, clock, settings, ImportSettings({}, tmp_path / "progress"))


async def taken(process: Runtime) -> list[str]:
    """What the handler did and kept, in order."""
    async with process.works.begin() as work:
        return [row["ref"] for row in await work.rows("SELECT ref FROM taken ORDER BY position")]


async def test_a_refused_row_leaves_nothing_and_the_others_go_in(
    desk: Desk, process: Runtime
) -> None:
    report = await desk.run("widgets", desk.write("a.csv", TEXT), MAPPING, dry_run=False)
    assert await taken(process) == ["W0 white", "W1 red", "W3 green"]
    assert (report.good["widgets"], report.sent, report.refused_rows) == (3, 3, 1)
    (row,) = desk.bad_rows()
    assert row["_reason_zh"] == "未知颜色：黑色不行"
    assert row["_reason_en"] == "Unknown colour: black will not do"
    async with process.works.begin() as work:
        observed = await work.rows("SELECT code FROM observed WHERE code = 'W2'")
    assert observed == []


async def test_a_second_run_calls_no_handler(desk: Desk, process: Runtime) -> None:
    file = desk.write("a.csv", TEXT)
    await desk.run("widgets", file, MAPPING, dry_run=False)
    again = await desk.run("widgets", file, MAPPING, dry_run=False)
    assert (again.sent, again.sent_before) == (0, 3)
    assert len(await taken(process)) == 3


async def test_a_changed_row_goes_to_the_handler_as_a_change(desk: Desk, process: Runtime) -> None:
    await desk.run("widgets", desk.write("a.csv", TEXT), MAPPING, dry_run=False)
    changed = desk.write("b.csv", TEXT.replace("green", "blue").replace("black", "grey"))
    report = await desk.run("widgets", changed, MAPPING, dry_run=False)
    assert (report.sent, report.sent_before) == (2, 2)
    assert (await taken(process))[3:] == ["W2 grey", "W3 blue"]


async def test_a_dry_run_finds_what_a_handler_refuses_and_undoes_everything(
    desk: Desk, process: Runtime
) -> None:
    report = await desk.run("widgets", desk.write("a.csv", TEXT), MAPPING)
    assert (report.good["widgets"], report.refused_rows, report.sent) == (3, 1, 0)
    assert await taken(process) == []
    async with process.works.begin() as work:
        assert await work.value("SELECT count(*) FROM kit.imported_rows") == 0


async def test_a_file_in_our_own_form_needs_no_mapping(desk: Desk, process: Runtime) -> None:
    text = 'ref,colour,made_on,price,tags\nW1,red,2026-03-01,1.50,"a,b"\n'
    report = await desk.run("widgets", desk.write("a.csv", text), dry_run=False)
    assert (report.sent, report.refused_rows) == (1, 0)
    assert await taken(process) == ["W1 red"]


async def test_a_column_that_is_no_field_of_ours_needs_a_mapping(desk: Desk) -> None:
    file = desk.write("a.csv", "ref,color\nW1,red\n")
    with pytest.raises(Exception, match="has no field color"):
        await desk.run("widgets", file)


async def test_many_rows_are_taken_in_several_transactions(desk: Desk, process: Runtime) -> None:
    text = "ref,colour\n" + "".join(f"W{n},red\n" for n in range(1201))
    report = await desk.run("widgets", desk.write("a.csv", text), dry_run=False)
    assert report.sent == 1201
    assert len(await taken(process)) == 1201


def pallets(*colours: str) -> str:
    """A file of widgets that come by the portion."""
    return "ref,colour\n" + "".join(f"W{n},{colour}\n" for n, colour in enumerate(colours))


async def test_a_portion_goes_to_its_handler_at_once_without_what_is_done(
    desk: Desk, process: Runtime
) -> None:
    report = await desk.run(
        "pallets", desk.write("a.csv", pallets("red", "black", "green")), dry_run=False
    )
    assert await taken(process) == ["W0 of 3", "W2 of 3"]
    assert (report.sent, report.refused_rows) == (2, 1)
    (row,) = desk.bad_rows()
    assert (row["ref"], row["_reason_en"]) == ("W1", "Unknown colour: black will not do")
    corrected = desk.write("b.csv", pallets("red", "white", "green", "blue"))
    again = await desk.run("pallets", corrected, dry_run=False)
    assert (again.sent, again.sent_before, again.refused_rows) == (2, 2, 0)
    assert (await taken(process))[2:] == ["W1 of 2", "W3 of 2"]


async def test_what_a_portion_is_refused_for_as_a_whole_is_found_row_by_row(
    desk: Desk, process: Runtime
) -> None:
    report = await desk.run(
        "pallets", desk.write("a.csv", pallets("red", "grey", "green")), dry_run=False
    )
    assert await taken(process) == ["W0 of 1", "W2 of 1"]
    assert (report.sent, report.refused_rows) == (2, 1)
    assert [row["ref"] for row in desk.bad_rows()] == ["W1"]


async def test_a_dry_run_of_portions_keeps_nothing(desk: Desk, process: Runtime) -> None:
    report = await desk.run("pallets", desk.write("a.csv", pallets("red", "grey", "black")))
    assert (report.good["pallets"], report.refused_rows, report.sent) == (1, 2, 0)
    assert await taken(process) == []
