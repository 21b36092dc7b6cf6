"""Hand-overs: what one person had goes to others, with a checklist (R-50, R-51, R-52)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Invalid

from .managers import ManagerRule
from .succession import Pair, Place

SERVICES = ("billing", "engagement")
"""Who has to answer before a hand-over is complete."""


@dataclass(frozen=True)
class HandoverRules:
    """How a hand-over runs (R-51, R-52).

    `answer_days` calendar days after the start it is overdue. With `partner_succeeds` the other
    manager of a customer takes over at once when nobody is named. Where `after_sales_role` is
    given, a signed contract hands the customer to somebody of that role in place of B.
    """

    policy_name: ClassVar[str] = "hand-over"

    answer_days: int
    partner_succeeds: bool
    after_sales_role: str | None = None


class HandoverReason(StrEnum):
    """Why somebody hands over."""

    DEPARTURE = "departure"
    ROTATION = "rotation"
    AFTER_SALES = "after-sales"
    REASSIGNMENT = "reassignment"

    @property
    def rule(self) -> ManagerRule:
        """What the managers' history says of it."""
        return ManagerRule.ROTATION if self is HandoverReason.ROTATION else ManagerRule.HANDOVER


class HandoverState(StrEnum):
    """Started until every successor is named and every service has answered."""

    STARTED = "started"
    COMPLETED = "completed"


class MarkKind(StrEnum):
    """What was ticked off the checklist."""

    NOTIFIED = "customer-notified"
    DOCUMENTS = "documents-returned"


class Missing(StrEnum):
    """What a hand-over still lacks."""

    SUCCESSOR = "successor"
    NOTIFICATION = "customer-notified"
    DOCUMENTS = "documents-returned"
    ORIGINALS = "originals-in-hand"
    ACCESS = "access-gone"
    ENGAGEMENT = "engagement"
    BILLING = "billing"


class Holding(StrEnum):
    """How somebody has something of an archive."""

    LENT = "lent"
    KEPT = "kept"
    CUSTODY = "custody"


@dataclass(frozen=True, slots=True)
class InHand:
    """What a leaver still has: an original lent or kept, or the custody of a whole file."""

    holding: Holding
    customer_key: UUID
    asset_id: UUID | None
    label: str | None


class StillInHand(Conflict):
    """The register says that the leaver has not given everything back."""

    code = "originals-still-in-hand"
    rule = "R-52"
    title_zh = "资料尚未收回"
    title_en = "Still in hand"


class NoSuchLine(Invalid):
    """The customer is not part of this hand-over."""

    code = "customer-not-handed-over"
    rule = "R-52"
    title_zh = "客户不在移交清单内"
    title_en = "Not handed over"


class ReassignedMeanwhile(Conflict):
    """Somebody assigned other managers since the hand-over."""

    code = "reassigned-meanwhile"
    rule = "R-52"
    title_zh = "移交后客户经理已另行指定"
    title_en = "Reassigned meanwhile"


@dataclass(frozen=True, slots=True)
class Line:
    """One customer of a hand-over; `successor` None is missing, `named_by` None is the policy.

    The digests are of everything that is kept of the customer but its managers, by area: equal
    before and after, nothing but the person changed (R-52).
    """

    customer_key: UUID
    version: int
    place: Place
    before: Pair
    after: Pair
    successor: str | None
    named_by: str | None
    managers_version: int | None
    digest_before: Mapping[str, str]
    digest_after: Mapping[str, str]

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing but the managers changed."""
        return self.digest_before == self.digest_after


@dataclass(frozen=True, slots=True)
class Handover:
    """What one person hands over, and to when it should be done."""

    handover_id: UUID
    from_staff_code: str
    unit: str
    reason: HandoverReason
    started_on: date
    effective_on: date
    due_on: date
    policy_version: int
    state: HandoverState = HandoverState.STARTED
    started_by: str | None = None
    words: str | None = None
    version: int = 1
    overdue_on: date | None = None
    completed_on: date | None = None


def is_complete(lines: Iterable[Line], answered: Collection[str]) -> bool:
    """Whether every successor is named and every service answered the version in force (R-52)."""
    named = all(line.successor is not None for line in lines)
    return named and set(SERVICES) <= set(answered)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hand-over has come; `answered` names services that answered its version."""

    reason: HandoverReason
    without_successor: int
    not_notified: int
    are_documents_returned: bool
    originals_in_hand: int
    is_access_gone: bool
    answered: Collection[str]

    @property
    def missing(self) -> list[Missing]:
        """What is still to be done; documents and access matter when somebody leaves (R-52)."""
        leaves = self.reason is HandoverReason.DEPARTURE
        wanted = (
            (Missing.SUCCESSOR, self.without_successor > 0),
            (Missing.NOTIFICATION, self.not_notified > 0),
            (Missing.DOCUMENTS, leaves and not self.are_documents_returned),
            (Missing.ORIGINALS, leaves and self.is_access_gone and self.originals_in_hand > 0),
            (Missing.ACCESS, leaves and not self.is_access_gone),
            (Missing.ENGAGEMENT, "engagement" not in self.answered),
            (Missing.BILLING, "billing" not in self.answered),
        )
        return [item for item, is_missing in wanted if is_missing]


def place_to_fill(current: Pair, line: Line) -> Pair:
    """The pair into which another successor comes: as it was before the hand-over.

    Raises ReassignedMeanwhile when somebody assigned other managers since (R-52).
    """
    if current not in (line.before, line.after):
        raise ReassignedMeanwhile(
            "移交后该客户的A、B角已另行指定",
            "somebody assigned other managers to this customer since the hand-over",
            customer_key=str(line.customer_key),
        )
    return line.before


def require_line(lines: Mapping[UUID, Line], customer_key: UUID) -> Line:
    """The customer's line; raises NoSuchLine."""
    line = lines.get(customer_key)
    if line is None:
        raise NoSuchLine(
            f"客户 {customer_key} 不在本次移交清单内",
            f"the customer {customer_key} is not part of this hand-over",
            pointer="/customer_key",
            customer_key=str(customer_key),
        )
    return line


def require_returned(reason: HandoverReason, in_hand: Collection[InHand]) -> None:
    """Let the documents be ticked off; raises StillInHand while the register says otherwise (R-52).

    What is lent comes back to its keeper, what is kept and whole files go to another one first.
    """
    if reason is HandoverReason.DEPARTURE and in_hand:
        raise StillInHand(
            f"尚有 {len(in_hand)} 件原件或档案在其名下，先归还或移交保管人",
            f"{len(in_hand)} originals or files are still with the leaver: have them returned,"
            " or entrusted to somebody else",
            in_hand=[f"{each.holding}:{each.asset_id or each.customer_key}" for each in in_hand],
        )
