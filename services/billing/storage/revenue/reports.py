"""What callers read of revenue: sums of the journal's lines, so every total is the ledger's.

A line of revenue belongs to the unit that got it, and is seen by that unit and those above it. The
rule is that of the posting behind it as it is shared now; where the caller may not see the money of
the customer, the posting is hidden and with it the rule.
"""

from __future__ import annotations

from collections.abc import Collection

from shared.directory.grants import visible, visible_unit
from shared.directory.identities import SAME_CUSTOMER

_POSTING = "LEFT JOIN postings p ON p.posting_id = e.source_id"
# `IS TRUE` keeps the units in sight a list that is hashed once, and never joined row by row.
_FILTERED = f"""
'revenue' IN (e.debit, e.credit) AND ({visible_unit("e.unit")}) IS TRUE
    AND (CAST(:customer_key AS uuid) IS NULL OR e.customer_key = {SAME_CUSTOMER})
    AND (CAST(:unit AS text) IS NULL
         OR e.unit IN (SELECT unit FROM kit.unit_closure WHERE ancestor = :unit))
    AND (CAST(:business_line AS text) IS NULL OR e.business_line = :business_line)
"""
_AMOUNT = "CASE WHEN e.credit = 'revenue' THEN e.amount ELSE -e.amount END"

_COLUMNS = {
    "month": ("date_trunc('month', {day}::timestamp)", "to_char(month, 'YYYY-MM')"),
    "unit": ("e.unit", "unit"),
    "line": ("e.business_line", "line"),
    "customer": ("coalesce(known.root, e.customer_key)", "customer::text"),
    "rule": ("p.rule", "coalesce(rule, '')"),
}
"""By which a report is grouped: what is grouped, and how it is written."""
_JOINS = {
    "customer": "LEFT JOIN kit.identities known ON known.customer_key = e.customer_key",
    "rule": """LEFT JOIN rules_in_sight(CAST(:customer_key AS uuid)) p
        ON p.posting_id = e.source_id""",
}
DAYS = {"booked": "coalesce(e.booked_on, e.event_on)", "occurred": "e.event_on"}
"""By which day a line belongs to a period: in the books, where a month that was closed has sent it
on to the open one, or as it occurred."""


def grouped(
    by: Collection[str],
    *,
    day: str = "booked",
    with_rule: bool = False,
    with_before: bool = False,
) -> str:
    """Revenue as the units got it, grouped `by` month, unit, line, customer and rule.

    All groups together are the ledger's revenue of :from_on to :until_on. Takes :customer_key,
    :unit (and those below it), :business_line; `with_rule` also :rule; `with_before` also
    :before_from_on and :before_until_on, the period before it, whose months are a year earlier.
    Columns that nobody asked for are empty. `day` is one of DAYS.
    """
    on = month_of = DAYS[day]
    wanted = f"{on} BETWEEN :from_on AND :until_on"
    sums = _sums("", "true")
    if with_before:
        month_of = f"(CASE WHEN {on} < :from_on THEN {on} + interval '1 year' ELSE {on} END)"
        wanted = f"({wanted} OR {on} BETWEEN :before_from_on AND :before_until_on)"
        sums = f"{_sums('', f'{on} >= :from_on')}, {_sums('before_', f'{on} < :from_on')}"
    keys = [name for name in _COLUMNS if name in by]
    inner = "".join(f"{_COLUMNS[name][0].format(day=month_of)} AS {name}, " for name in keys)
    joined = [name for name in _JOINS if name in by or (with_rule and name == "rule")]
    written = {name: _COLUMNS[name][1] if name in keys else "''" for name in _COLUMNS}
    shown = ", ".join(f"{written[name]} AS {title}" for name, title in _TITLES.items())
    group = f"GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
    return f"""
SELECT {shown}, {", ".join([*_FIGURES, *(_BEFORE if with_before else ())])}
FROM (
    SELECT {inner}{sums}
    FROM journal e {" ".join(_JOINS[name] for name in joined)}
    WHERE {_FILTERED} AND {wanted}
        {"AND p.rule = :rule" if with_rule else ""}
    {group}
) grouped
"""


_FIGURES = ("base", "increment", "amount")
_BEFORE = tuple(f"before_{name}" for name in _FIGURES)
_TITLES = {
    "month": "month",
    "unit": "unit",
    "line": "business_line",
    "customer": "customer",
    "rule": "rule",
}


def _sums(prefix: str, condition: str) -> str:
    parts = (
        ("base", f"{condition} AND NOT e.is_increment"),
        ("increment", f"{condition} AND e.is_increment"),
        ("amount", condition),
    )
    return ", ".join(
        f"coalesce(sum({_AMOUNT}) FILTER (WHERE {which}), 0) AS {prefix}{name}"
        for name, which in parts
    )


def lines(day: str = "booked") -> str:
    """The lines of the journal that a figure of the report is the sum of.

    Takes the filters of `grouped`, :rule and :is_increment; `day` is one of DAYS.
    """
    return f"""
SELECT e.journal_id, e.line_no, e.kind, e.source_id AS posting_id, e.customer_key, e.unit,
    e.business_line, e.is_increment, e.event_on, {DAYS["booked"]} AS booked_on,
    {DAYS[day]} AS counted_on, e.created_at, {_AMOUNT} AS amount, p.rule, p.ref,
    p.system
FROM journal e {_POSTING}
WHERE {_FILTERED} AND {DAYS[day]} BETWEEN :from_on AND :until_on
    AND (CAST(:rule AS text) IS NULL OR p.rule = :rule)
    AND (CAST(:is_increment AS boolean) IS NULL OR e.is_increment = :is_increment)
"""


POSTINGS = f"""
SELECT posting_id, customer_key, journal_id, system, ref, business_line, amount, base, occurred_on,
    rule, split_id, terms_version, reverses, reversed, signed_at_unit, occurred_at_unit, version
FROM postings p
WHERE {visible("money", "p.customer_key")}
    AND (CAST(:posting_id AS uuid) IS NULL OR posting_id = :posting_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:business_line AS text) IS NULL OR business_line = :business_line)
    AND (CAST(:rule AS text) IS NULL OR rule = :rule)
    AND (CAST(:from_on AS date) IS NULL OR occurred_on >= :from_on)
    AND (CAST(:until_on AS date) IS NULL OR occurred_on <= :until_on)
"""

SHARES = f"""
SELECT unit, is_increment, sum(CASE WHEN credit = 'revenue' THEN amount ELSE -amount END) AS amount
FROM journal e WHERE journal_id = :journal_id AND {visible_unit("e.unit")}
GROUP BY unit, is_increment ORDER BY unit, is_increment
"""

HISTORY = """
SELECT version, rule, split_id, terms_version, base, reason, ruling_id, replaced_at
FROM posting_history WHERE posting_id = :posting_id ORDER BY version
"""
"""How a posting was shared before; ask for the posting first, which is what is protected."""
