"""Documents that a customer shows before it is approved; which ones, policy says (R-26)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor
from ..register.customers import Customer


@dataclass(frozen=True)
class DocumentRule:
    """One document that is demanded, and of whom.

    With `customer_kinds` only of these. With `industries` or `traits` only of customers whose
    industry contains one of the words, or who have one of the traits; without either of all.
    """

    document: str
    zh: str
    en: str
    customer_kinds: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    inspected_within_months: int | None = None
    """Inspected, or issued, at most so long before the decision (annual inspection: 12)."""
    is_waivable: bool = False

    def concerns(self, customer: Customer) -> bool:
        """Whether the document is demanded of `customer`."""
        if self.customer_kinds and customer.kind.value not in self.customer_kinds:
            return False
        if not (self.industries or self.traits):
            return True
        industry = customer.industry or ""
        return any(word in industry for word in self.industries) or bool(
            set(self.traits) & set(customer.traits)
        )


@dataclass(frozen=True)
class RequiredDocuments:
    """Which documents stand before an approval, and who may waive those that allow it (R-26)."""

    policy_name: ClassVar[str] = "required-documents"

    documents: tuple[DocumentRule, ...]
    waiver_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as registered: its data, where the original lies, the digest of a copy."""

    document_id: UUID
    customer_key: UUID
    kind: str
    kept_at: str
    registered_by: str
    registered_on: date
    number: str | None = None
    issued_on: date | None = None
    valid_until_on: date | None = None
    inspected_on: date | None = None
    digest: str | None = None


class Shortcoming(StrEnum):
    """What is wrong with a document that is demanded."""

    MISSING = "missing"
    NOT_YET_ISSUED = "not-yet-issued"
    EXPIRED = "expired"
    NOT_INSPECTED = "not-inspected"


_SHORTCOMINGS_ZH = {
    Shortcoming.MISSING: "缺失",
    Shortcoming.NOT_YET_ISSUED: "尚未签发",
    Shortcoming.EXPIRED: "已过期",
    Shortcoming.NOT_INSPECTED: "未按期年检",
}


@dataclass(frozen=True, slots=True)
class Lack:
    """A document that blocks an approval, and since when if a date says so."""

    rule: DocumentRule
    shortcoming: Shortcoming
    day: date | None = None


class DocumentsLacking(Conflict):
    """A document that policy demands is missing, expired or not inspected on that day."""

    code = "required-documents-lacking"
    rule = "R-26"
    title_zh = "必备材料缺失或过期"
    title_en = "Required documents lacking"


class InvalidDocument(Invalid):
    """The dates of a document contradict each other."""

    code = "invalid-document"
    rule = "R-26"
    title_zh = "材料日期不符"
    title_en = "Invalid document"


class WaiverNotAllowed(Forbidden):
    """Policy does not allow this document to be waived, or not by this person."""

    code = "waiver-not-allowed"
    rule = "R-26"
    title_zh = "不得免交该材料"
    title_en = "Waiver not allowed"


def register(document: Document) -> Document:
    """The document, if its dates can be; raises InvalidDocument (R-26).

    It is issued and inspected before it is registered, and ends after it was issued.
    """
    for field in ("issued_on", "inspected_on"):
        day = getattr(document, field)
        if day is not None and day > document.registered_on:
            raise InvalidDocument(
                f"{day} 晚于登记日期 {document.registered_on}",
                f"{day} lies after the registration on {document.registered_on}",
                pointer=f"/{field}",
            )
    first, last = document.issued_on, document.valid_until_on
    if first is not None and last is not None and last < first:
        raise InvalidDocument(
            f"有效期至 {last}，早于签发日期 {first}",
            f"valid until {last}, before it was issued on {first}",
            pointer="/valid_until_on",
        )
    return document


def lacking(
    policy: RequiredDocuments,
    customer: Customer,
    documents: Iterable[Document],
    waived: Iterable[str],
    on: date,
) -> tuple[Lack, ...]:
    """What blocks an approval on the day `on`; `documents` as registered, the oldest first (R-26).

    Of each kind the document that was registered last counts; one that is valid until a day is
    valid on that day.
    """
    newest = {document.kind: document for document in documents}
    not_asked = set(waived)
    found = []
    for rule in policy.documents:
        if rule.concerns(customer) and rule.document not in not_asked:
            lack = _lack(rule, newest.get(rule.document), on)
            if lack is not None:
                found.append(lack)
    return tuple(found)


def require_documents(lacks: Sequence[Lack], policy_version: int, on: date) -> None:
    """Make sure that nothing is lacking; raises DocumentsLacking, which lists everything (R-26)."""
    if not lacks:
        return
    zh = "；".join(f"{each.rule.zh}{_SHORTCOMINGS_ZH[each.shortcoming]}" for each in lacks)
    en = "; ".join(f"{each.rule.en}: {each.shortcoming}" for each in lacks)
    raise DocumentsLacking(
        f"{on} 尚不能核准：{zh}",
        f"cannot be approved on {on}: {en}",
        lacking=[
            {
                "document": each.rule.document,
                "shortcoming": each.shortcoming.value,
                "day": each.day and each.day.isoformat(),
                "is_waivable": each.rule.is_waivable,
            }
            for each in lacks
        ],
        policy=RequiredDocuments.policy_name,
        policy_version=policy_version,
        on=on.isoformat(),
    )


def require_waivable(policy: RequiredDocuments, document: str, actor: Actor) -> DocumentRule:
    """The rule of the document, if `actor` may waive it; raises WaiverNotAllowed (R-26)."""
    rule = next((each for each in policy.documents if each.document == document), None)
    if rule is None or not rule.is_waivable or not actor.roles & set(policy.waiver_roles):
        raise WaiverNotAllowed(
            f"政策不允许 {actor.staff_code} 免交 {document}",
            f"policy does not let {actor.staff_code} waive {document}",
            document=document,
            waivable=[each.document for each in policy.documents if each.is_waivable],
            waiver_roles=list(policy.waiver_roles),
        )
    return rule


def _lack(rule: DocumentRule, document: Document | None, on: date) -> Lack | None:
    if document is None:
        return Lack(rule, Shortcoming.MISSING)
    if document.issued_on is not None and document.issued_on > on:
        return Lack(rule, Shortcoming.NOT_YET_ISSUED, document.issued_on)
    if document.valid_until_on is not None and document.valid_until_on < on:
        return Lack(rule, Shortcoming.EXPIRED, document.valid_until_on)
    if rule.inspected_within_months is None:
        return None
    inspected_on = document.inspected_on or document.issued_on
    if inspected_on is None or inspected_on < months_before(on, rule.inspected_within_months):
        return Lack(rule, Shortcoming.NOT_INSPECTED, inspected_on)
    return None


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
