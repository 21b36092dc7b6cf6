"""R-33: a site brings its own divisions in: corrections and successors of retired codes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.domain.register.divisions import Division, RetiredDivision, require_in_force
from services.registry.handlers.importing import note_divisions
from services.registry.handlers.importing.note_divisions import DivisionRow, YearsTheWrongWay
from services.registry.storage.register.divisions import known_divisions
from shared.work import Work

NOW, THEN = date(2026, 3, 1), date(2014, 6, 1)


def row(code: str, name: str, **others: Any) -> DivisionRow:
    """A row of the file."""
    return DivisionRow.model_validate({"code": code, "name": name, **others})


async def noted(work: Work, code: str, name: str, **others: Any) -> Division:
    """The division after the row came in."""
    assert await note_divisions.handle(work, [row(code, name, **others)]) == {}
    found = (await known_divisions(work, [code]))(code)
    assert found is not None
    return found


async def test_successors_are_added_to_what_the_table_knows(work: Work) -> None:
    division = await noted(work, "440116", "萝岗区", successors=["440112"])
    assert (division.successors, division.years) == (("440112",), "2005-2014")
    assert (division.name_on(THEN), division.name_on(NOW)) == ("萝岗区", None)
    divisions = await known_divisions(work, ["440116"])
    with pytest.raises(RetiredDivision, match="successors: 440112 黄埔区") as refusal:
        require_in_force(divisions, "440116", NOW, "/division_code")
    assert refusal.value.facts["successors"] == ["440112"]


@pytest.mark.parametrize(
    ("successors", "words"),
    [
        ([], "no successor is known"),
        (["440112"], "successors: 440112 黄埔区$"),
        (["440112", "440111"], "successors: 440111 白云区, 440112 黄埔区$"),
    ],
)
async def test_r33_a_retired_code_explains_itself_with_none_one_or_several_successors(
    work: Work, successors: list[str], words: str
) -> None:
    await noted(work, "440116", "萝岗区", successors=successors)
    divisions = await known_divisions(work, ["440116"])
    with pytest.raises(RetiredDivision, match=words):
        require_in_force(divisions, "440116", NOW, "/division_code")


async def test_a_code_that_no_table_knows_comes_in_as_present_or_retired(work: Work) -> None:
    present = await noted(work, "440198", "新区", from_year=2025)
    assert (present.name_on(NOW), present.name_on(THEN)) == ("新区", None)
    assert present.province == "广东省"
    retired = await noted(work, "440199", "旧区", successors=["440106"])
    assert (retired.name_on(NOW), retired.name_on(THEN), retired.years) == (None, None, "-?")
    nameless = await noted(work, "440197", "旧区", is_retired=True)
    assert (nameless.name_on(NOW), nameless.successors) == (None, ())


@pytest.mark.parametrize(("year", "name"), [(2024, "天河区"), (2025, "天河区"), (2026, None)])
async def test_a_correction_ends_a_code_that_the_table_still_has(
    work: Work, year: int, name: str | None
) -> None:
    division = await noted(work, "440106", "天河区", until_year=2025)
    assert division.name_on(date(year, 7, 1)) == name


async def test_a_later_row_holds_and_the_earlier_one_is_kept(work: Work) -> None:
    await noted(work, "440106", "天河区", until_year=2025)
    division = await noted(work, "440106", "天河区")
    assert division.name_on(NOW) == "天河区"
    assert await work.value("SELECT count(*) FROM division_corrections") == 2


async def test_of_two_rows_of_a_portion_the_later_one_holds(work: Work) -> None:
    await noted(work, "440106", "天河", until_year=2024)
    rows = [row("440106", "天河区", ref=str(year), until_year=year) for year in (2026, 2025)]
    await note_divisions.handle(work, rows)
    known = (await known_divisions(work, ["440106"]))("440106")
    assert known is not None
    assert (known.last_name, known.years.split("-")[-1]) == ("天河区", "2025")
    assert await work.value("SELECT max(revision) FROM division_corrections") == 3


async def test_each_period_of_a_code_is_a_row_of_its_own(work: Work) -> None:
    await noted(work, "440198", "旧名", from_year=1990, until_year=1999)
    division = await noted(work, "440198", "新名", from_year=2000)
    assert division.years == "1990-1999, 2000-"
    assert division.name_on(date(1995, 1, 1)) == "旧名"


async def test_a_row_that_makes_no_sense_is_refused(work: Work) -> None:
    wrong_way = row("440198", "新区", from_year=2025, until_year=2024)
    refused = await note_divisions.handle(work, [wrong_way, row("440197", "新区")])
    assert {ref: type(refusal) for ref, refusal in refused.items()} == {
        "440198/2025": YearsTheWrongWay
    }
    assert await work.value("SELECT array_agg(code) FROM division_corrections") == ["440197"]
    for wrong in ({"code": "4401"}, {"code": "440198", "successors": ["x"]}):
        with pytest.raises(ValidationError):
            DivisionRow.model_validate({"name": "新区", **wrong})


@pytest.mark.parametrize("successors", [["440105 440106"], ["440105", "440106"]])
def test_successors_are_separated_by_blanks_or_semicolons(successors: list[str]) -> None:
    row = DivisionRow.model_validate({"code": "440107", "name": "x", "successors": successors})
    assert row.successors == ("440105", "440106")


def test_a_row_needs_no_number_of_its_own() -> None:
    rows = [
        DivisionRow.model_validate({"code": "440198", "name": "新区", **years})
        for years in ({}, {"from_year": 2000})
    ]
    assert [row.ref for row in rows] == ["440198", "440198/2000"]
