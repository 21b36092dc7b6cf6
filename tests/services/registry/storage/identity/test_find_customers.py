"""Whichever way a page is found, it is what going through everybody gives (R-81)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from services.registry.storage.identity import search_rows
from services.registry.storage.identity.search_rows import grams, sought
from services.registry.storage.identity.spelling import spelled
from shared.work import Work

_SIZE = 40
_LOOK = "SELECT kit.enter('X', :unit, :today)"
# More than are gone through one by one: all for the province, half for its city, few for a county,
# and a twentieth for a part of Shenzhen, fewer than have 纸业.
# In the order of names those of 广州 come before those of 深圳.
_MANY = """
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT number, md5('customer ' || number)::uuid AS customer_key,
       CASE WHEN number % 60 = 0 THEN 'GZ-TH' WHEN number % 2 = 0 THEN 'GZ-PY'
            WHEN number % 20 = 3 THEN 'SZ-NS' ELSE 'SZ' END
           AS unit,
       CASE WHEN number % 2 = 0 THEN '广州' ELSE '深圳' END || lpad(number::text, 6, '0')
           || CASE WHEN number % 8 < 2 THEN '机械' ELSE '贸易' END
           || CASE WHEN number % 97 = 0 THEN '鸿昌' ELSE '' END
           || CASE WHEN number % 10 = 3 THEN '纸业' ELSE '' END || '公司' AS name,
       CASE WHEN number % 2 = 0 THEN 'gz' ELSE 'sz' END || lpad(number::text, 6, '0')
           || CASE WHEN number % 8 < 2 THEN 'jx' ELSE 'my' END
           || CASE WHEN number % 97 = 0 THEN 'hc' ELSE '' END || 'gs' AS initials,
       CASE WHEN number % 2 = 0 THEN 'guangzhou' ELSE 'shenzhen' END AS pinyin
FROM generate_series(1, 24000) AS number;
INSERT INTO customer_names SELECT customer_key, name, name || E'\\n' || initials, pinyin FROM made;
INSERT INTO kit.grants (customer_key, aspect, unit, from_on)
SELECT customer_key, 'base', unit, '2020-01-01' FROM made;
ANALYZE customer_names, kit.grants
"""
_ALL = """
SELECT name, customer_key FROM customer_names
WHERE (CAST(:term AS text) IS NULL OR strpos(terms, :term) > 0 OR (starts_with(pinyin, :term)
       AND :term ~ '^[a-z]{3,}$')) AND kit.may_see(customer_key, 'base')
ORDER BY name, customer_key
"""
_PAGE = "SELECT * FROM find_customers(:pieces, :term, :name, :key, :most)"


@pytest.fixture
async def many(work: Work) -> Work:
    """A register of which a page is found in different ways."""
    for statement in _MANY.split(";"):
        await work.connection.execute(text(statement))
    return work


async def pages(work: Work, term: str | None) -> list[Sequence[Any]]:
    """The first three pages."""
    found: list[Sequence[Any]] = []
    last: tuple[Any, Any] = (None, None)
    for _ in range(3):
        rows = await work.rows(
            _PAGE, pieces=term and sought(term), term=term, name=last[0], key=last[1], most=_SIZE
        )
        found += [tuple(row.values()) for row in rows]
        if len(rows) < _SIZE:
            break
        last = found[-1][0], found[-1][1]
    return found


@pytest.mark.parametrize("unit", ["GD", "GZ", "GZ-TH", "SZ", "SZ-NS", "DG"])
async def test_every_way_to_a_page_leads_to_the_same_customers(many: Work, unit: str) -> None:
    await many.run(_LOOK, {"unit": unit, "today": many.today})
    for term in (
        *(None, "公司", "深圳", "机械", "纸业", "鸿昌", "械鸿昌", "州", "北京"),
        *("gs", "hcgs", "jxhc", "s", "shenz", "guangzhou", "xyz", "0119"),
    ):
        rows = await many.rows(_ALL, term=term)
        assert await pages(many, term) == [tuple(row.values()) for row in rows][: 3 * _SIZE], term


@pytest.mark.parametrize(
    "name", ["广州南方机械有限公司", "ABB（中国）有限公司", "三M", "A", "3M 2号", "𠮷野家"]
)
async def test_the_database_takes_every_piece_that_may_be_looked_for(work: Work, name: str) -> None:
    spelling = spelled(name)
    terms = (spelling.keys.full, spelling.initials)
    pieces = await work.value(
        "SELECT name_pieces(:terms)", terms=search_rows.BETWEEN.join(dict.fromkeys(terms))
    )
    assert set().union(*map(grams, terms)) <= {*pieces}


async def test_what_older_code_writes_is_found_too(work: Work) -> None:
    key = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    write = (
        "INSERT INTO customer_search AS held (customer_key, name, former_names, terms, pinyin,"
        " grams, features) VALUES (CAST(:key AS uuid), :name, '{}', :terms, 'x', '{}', '{}')"
        " ON CONFLICT (customer_key) DO UPDATE SET name = excluded.name, terms = excluded.terms"
    )
    for name in ("南方机械", "北方电子"):
        await work.run(write, {"key": key, "name": name, "terms": name})
        rows = await work.rows("SELECT customer_key, name, terms FROM customer_names")
        assert [tuple(map(str, row.values())) for row in rows] == [(key, name, name)]
