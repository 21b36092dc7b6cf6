"""A register of a million customers, made by set-based SQL: a province, its cities and counties.

Names are put together from places, words and trades; what a search looks for is put together from
the spellings of the same parts, as `storage/identity/search_rows.py` would have written it.
"""

from __future__ import annotations

from itertools import product

import psycopg

from services.registry.storage.identity.spelling import spelled

PROVINCE, CITIES, COUNTIES = "GD", 21, 6


def _pairs(signs: str) -> list[str]:
    return [signs[at : at + 2] for at in range(0, len(signs), 2)]


PLACES = _pairs(
    "广州深圳珠海汕头佛山韶关湛江肇庆江门茂名惠州梅州汕尾河源阳江清远东莞中山潮州揭阳云浮"
)
_FIRST = list("宏永金新恒华远中大长星瑞联同百千南北东西天海江山云龙凤鸿明光")
_SECOND = list("达盛桥兴丰南东信洋城海泰合济川禧方源通安力和荣昌利发顺康宁远")
_TRADES = _pairs(
    "机械电子贸易物流食品纺织化工建材医药科技家具印刷包装钢铁汽车电器服装玩具陶瓷塑料能源环保广告"
    "酒店置业"
)
_FORMS = ["有限公司", "有限责任公司", "股份有限公司", "集团有限公司"]

_TABLES = """
CREATE TEMP TABLE parts (slot int, number int, text text, initials text, pinyin text);
CREATE TEMP TABLE made AS
SELECT number, md5('customer ' || number)::uuid AS customer_key,
       number % {cities} AS city, (number / {cities}) % {counties} AS county
FROM generate_series(1, {customers}) AS number
"""
UNITS = """
INSERT INTO kit.units (unit, parent, level, kind, name, division_code, version)
SELECT 'GD', NULL, 'province', 'territorial', '广东省', '440000', 1
UNION ALL
SELECT 'GD-' || city, 'GD', 'city', 'territorial', '市' || city, '440100', 1
FROM generate_series(0, {cities} - 1) AS city
UNION ALL
SELECT 'GD-' || city || '-' || county, 'GD-' || city, 'county', 'territorial', '县' || county,
       '440106', 1
FROM generate_series(0, {cities} - 1) AS city, generate_series(0, {counties} - 1) AS county;
INSERT INTO kit.staff_states (staff_code, version, effective_on, unit, roles, state)
VALUES ('province', 1, '2020-01-01', 'GD', '{{director}}', 'active'),
       ('county', 1, '2020-01-01', 'GD-3-2', '{{account_manager}}', 'active');
INSERT INTO kit.unit_closure (ancestor, unit)
SELECT above.unit, below.unit FROM kit.units below JOIN kit.units above
    ON below.unit = above.unit OR starts_with(below.unit, above.unit || '-')
"""
_CUSTOMERS = """
CREATE TEMP TABLE named AS
SELECT made.*, p.text || w.text || t.text || f.text AS name,
       p.initials || w.initials || t.initials || f.initials AS initials,
       p.pinyin || w.pinyin || t.pinyin || f.pinyin AS pinyin
FROM made
JOIN parts p ON p.slot = 0 AND p.number = made.city
JOIN parts w ON w.slot = 1 AND w.number = (made.number / 7) % {words}
JOIN parts t ON t.slot = 2 AND t.number = (made.number / 11) % {trades}
JOIN parts f ON f.slot = 3 AND f.number = (made.number / 13) % {forms};
INSERT INTO customers (customer_key, name, name_key, kind, division_code, is_one_off, is_opening,
    declaring_unit, joint_units, declared_on, approved_on, customer_id, registered_on, version,
    recorded_at)
SELECT customer_key, name, name, 'commercial', '440106', false, true,
       'GD-' || city || '-' || county, '{{}}', '2020-01-01', '2020-01-02',
       '44' || lpad(city::text, 4, '0') || lpad((number / {cities} % 100000)::text, 5, '0')
           || lpad((number / {cities} / 100000)::text, 3, '0'),
       '2020-01-03', 2, now()
FROM named;
INSERT INTO ownerships (customer_key, version, owner_unit, rule, effective_on, recorded_at)
SELECT customer_key, 1, 'GD-' || city || '-' || county, 'default', '2020-01-01', now() FROM named;
INSERT INTO customer_codes (system, code, customer_key, recorded_at)
SELECT 'erp', 'C-' || number, customer_key, now() FROM named;
INSERT INTO kit.grants (customer_key, aspect, unit, from_on)
SELECT customer_key, aspect, 'GD-' || city || '-' || county, '2020-01-01'
FROM named, unnest('{{base,archive,money,dispute}}'::text[]) AS aspect
"""
_SEARCH = """
INSERT INTO customer_search (customer_key, name, former_names, features)
SELECT customer_key, name, '{}',
       ARRAY(SELECT hashtextextended(name, seed) FROM generate_series(1, 12) AS seed)
FROM named;
INSERT INTO customer_names (customer_key, name, terms, pinyin)
SELECT customer_key, name, name || E'\\n' || initials, pinyin FROM named
"""


def make(url: str, customers: int) -> None:
    """Fill the migrated, empty database of registry at `url`; some minutes for a million."""
    numbers = {
        "customers": customers,
        "cities": CITIES,
        "counties": COUNTIES,
        "words": len(_FIRST) * len(_SECOND),
        "trades": len(_TRADES),
        "forms": len(_FORMS),
    }
    words = [first + second for first, second in product(_FIRST, _SECOND)]
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
        connection.execute(_TABLES.format(**numbers))
        with connection.cursor().copy("COPY parts FROM STDIN") as copy:
            for slot, texts in enumerate((PLACES, words, _TRADES, _FORMS)):
                for number, text in enumerate(texts):
                    spelling = spelled(text)
                    copy.write_row((slot, number, text, spelling.initials, spelling.pinyin))
        connection.execute(UNITS.format(**numbers))
        indexes = _without_indexes(connection)
        connection.execute(_CUSTOMERS.format(**numbers))
        connection.execute(_SEARCH)
        for definition in indexes:
            connection.execute(definition)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _without_indexes(connection: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    """Drop the indexes of the search until everything is in; returns how to make them."""
    rows = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename IN ('customer_search', 'customer_names')"
        " AND indexname NOT LIKE '%pkey'"
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP INDEX {name}")
    return [definition for _, definition in rows]
