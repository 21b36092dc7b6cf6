"""R-33: division codes are checked against the table of the day."""

from __future__ import annotations

from datetime import date

import pytest

from services.registry.domain.register.divisions import (
    RetiredDivision,
    UnknownDivision,
    division_from,
    require_in_force,
)

BAIYUN = division_from("440111", "广东省", "[1983-1986]郊区,[1987-]白云区")
LUOGANG = division_from("440116", "广东省", "[2005-2014]萝岗区")
TABLE = {division.code: division for division in (BAIYUN, LUOGANG)}


@pytest.mark.parametrize(
    ("year", "name"),
    [(1982, None), (1983, "郊区"), (1986, "郊区"), (1987, "白云区"), (2026, "白云区")],
)
def test_a_code_has_the_name_of_its_year(year: int, name: str | None) -> None:
    assert BAIYUN.name_on(date(year, 7, 1)) == name


def test_a_code_without_years_was_always_in_force() -> None:
    assert division_from("440100", "广东省", "广州市").name_on(date(1981, 1, 1)) == "广州市"


def test_r33_a_code_is_valid_only_in_its_years() -> None:
    assert require_in_force(TABLE.get, "440116", date(2014, 12, 31), "/d").last_name == "萝岗区"
    with pytest.raises(RetiredDivision, match="2005-2014"):
        require_in_force(TABLE.get, "440116", date(2015, 1, 1), "/division_code")
    with pytest.raises(UnknownDivision):
        require_in_force(TABLE.get, "999999", date(2015, 1, 1), "/division_code")
