"""Looking for customers in sight; the statement is made of the conditions that are given.

What may be absent is not written down at all: a condition that says "or nothing was asked" keeps
the planner from every index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import RowMapping

from services.registry.storage import reports
from services.registry.storage.identity import marks
from services.registry.storage.identity.search_rows import sought as pieces_of
from services.registry.storage.identity.spelling import wanted
from shared.errors import Invalid
from shared.http.paging import Keyset, Page, PageRequest
from shared.work import Work

T = TypeVar("T")
ORDER = Keyset("name text", "customer_key uuid")
_FIND = "SELECT * FROM find_customers(:pieces, :term, :after_name, :after_key, :most)"
_FOUND = f"{reports.CUSTOMER} AND c.customer_key = ANY(:keys)"
_KEYS = "SELECT c.customer_key FROM customers c WHERE kit.may_see(c.customer_key, 'base')"
_Condition = tuple[str, dict[str, object]]


class NotAContact(Invalid):
    """What is looked for is no telephone number, or no name of a person."""

    code = "not-a-contact"
    title_zh = "不是电话号码或姓名"
    title_en = "Not a contact"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of whom somebody looks for; all of it has to be so, nothing has to be given.

    `name` is part of any of its names, initials of their pinyin, or the beginning of the pinyin;
    `customer_id` the beginning of an ID; `phone` a number as people write it; `person` a whole
    name.
    """

    name: str | None = None
    customer_id: str | None = None
    unified_credit_code: str | None = None
    system: str | None = None
    code: str | None = None
    phone: str | None = None
    person: str | None = None
    state: str | None = None
    owner_unit: str | None = None


CONFIDENTIAL = frozenset({"phone", "person"})
"""What of it is a person's, and stands in no log."""


async def page(
    work: Work, request: PageRequest, sought: Sought, make: Callable[[RowMapping], T]
) -> Page[T]:
    """The customers in sight that are so, in the order of their names, one page of them.

    Raises NotAContact, InvalidPageToken.
    """
    term = None if sought.name is None else wanted(sought.name)
    if term == "":
        return Page[T](items=[])
    if sought == Sought(name=sought.name):
        return await _by_name(work, request, term, make)
    statement, values = question(work, sought)
    return await request.read(work, statement, ORDER, make, today=work.today, **values)


def question(work: Work, sought: Sought) -> tuple[str, dict[str, object]]:
    """SQL for all customers in sight that are so, in no order, with its values but `:today`.

    Raises NotAContact.
    """
    conditions, values = _asked(work, sought)
    return f"{reports.CUSTOMER}{conditions}", values


def keys(work: Work, sought: Sought) -> tuple[str, dict[str, object]]:
    """SQL for the keys alone, for whoever goes through all of them in their order, part by part.

    The scope is asked of each: asked of all at once it would be gone through for every part.
    """
    conditions, values = _asked(work, sought)
    return _KEYS + conditions, values


def _asked(work: Work, sought: Sought) -> tuple[str, dict[str, object]]:
    asked = [
        *(*_of_names(sought), *_of_documents(sought)),
        *(*_of_contacts(work, sought), *_of_what_is_shown(sought)),
    ]
    values = {name: value for _, own in asked for name, value in own.items()}
    return "".join(f" AND {text}" for text, _ in asked), values


async def _by_name(
    work: Work, request: PageRequest, term: str | None, make: Callable[[RowMapping], T]
) -> Page[T]:
    start = request.start(ORDER)
    found = await work.rows(
        _FIND,
        pieces=None if term is None else pieces_of(term),
        term=term,
        after_name=start.get("page_0"),
        after_key=start.get("page_1"),
        most=request.size + 1,
    )
    order = {row["customer_key"]: place for place, row in enumerate(found)}
    rows = await work.rows(_FOUND, keys=list(order), today=work.today) if order else []
    return request.of(sorted(rows, key=lambda row: order[row["customer_key"]]), ORDER, make)


def _of_names(sought: Sought) -> Iterator[_Condition]:
    if sought.name is None:
        return
    term = wanted(sought.name)
    if not term:
        yield "false", {}
        return
    values: dict[str, object] = {"pieces": pieces_of(term), "term": term}
    # As an array, in whose order the index gives the customers: a part of them ends early.
    yield "c.customer_key = ANY(ARRAY(SELECT customers_named(:pieces, :term)))", values


def _of_documents(sought: Sought) -> Iterator[_Condition]:
    if sought.customer_id is not None:
        first, beyond = sought.customer_id, f"{sought.customer_id}:"
        # As a range, since LIKE cannot use an index through row-level security.
        text = 'c.customer_id COLLATE "C" >= :id_from AND c.customer_id COLLATE "C" < :id_to'
        yield text, {"id_from": first, "id_to": beyond}
    if sought.unified_credit_code is not None:
        code = sought.unified_credit_code.strip().upper()
        yield "c.unified_credit_code = :credit_code", {"credit_code": code}
    coded = {"system": sought.system, "code": sought.code}
    given = {name: value for name, value in coded.items() if value is not None}
    if given:
        same = " AND ".join(f"coded.{name} = :{name}" for name in given)
        yield (
            f"c.customer_key IN (SELECT coded.customer_key FROM customer_codes coded WHERE {same})",
            dict(given),
        )


def _of_contacts(work: Work, sought: Sought) -> Iterator[_Condition]:
    for kind, text in ((marks.PHONE, sought.phone), (marks.PERSON, sought.person)):
        if text is None:
            continue
        found = marks.sought(work, kind, text)
        if not found:
            raise NotAContact(
                "电话号码或姓名无法识别", f"that is no {kind} that could be looked for", kind=kind
            )
        yield (
            f"c.customer_key IN (SELECT customers_marked('{kind}', CAST(:{kind} AS bytea[])))",
            {kind: found},
        )


def _of_what_is_shown(sought: Sought) -> Iterator[_Condition]:
    if sought.state is not None:
        yield f"({reports.STATE}) = :state", {"state": sought.state}
    if sought.owner_unit is not None:
        yield (
            f"{reports.OWNED_BY} IN"
            " (SELECT unit FROM kit.unit_closure WHERE ancestor = :owner_unit)",
            {"owner_unit": sought.owner_unit},
        )
