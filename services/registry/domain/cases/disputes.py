"""Disputes about a customer: opened with evidence, ruled by the next higher centre (R-37)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from ..centres.organisation import Organisation
from .dispute_refusals import (
    BeforeTheCase,
    DisputeClosed,
    DisputeOpenAlready,
    NotAParty,
    NothingInDispute,
)


@dataclass(frozen=True)
class DisputeRules:
    """Deadline, who rules, and from which amount on business elsewhere is a case (R-37)."""

    policy_name: ClassVar[str] = "dispute-rules"

    ruling_days: int
    ruler_roles: tuple[str, ...]
    elsewhere_minimum: Decimal
    """Net revenue in yuan that has to arise outside the owner's territory before a case opens."""
    appeal_days: int
    """Calendar days after the ruling within which a party may appeal (R-42)."""


class DisputeState(StrEnum):
    """A dispute is open until it is ruled, settled by agreement, or withdrawn."""

    OPEN = "open"
    RULED = "ruled"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class DisputeCause(StrEnum):
    """Why a dispute was opened."""

    CLAIM = "claim"
    SIGNED_ELSEWHERE = "signed-elsewhere"
    BUSINESS_ELSEWHERE = "business-elsewhere"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A case; `parties` are centres, the owner among them.

    `opened_for` is the party that claims or appeals, None when facts opened the case; `appeal_of`
    is the ruling appealed against, `withdrawn` are the parties that claim no more.
    """

    dispute_id: UUID
    customer_key: UUID
    parties: tuple[str, ...]
    ruling_unit: str
    cause: DisputeCause
    opened_on: date
    due_on: date
    state: DisputeState = DisputeState.OPEN
    ruled_on: date | None = None
    version: int = 1
    opened_for: str | None = None
    appeal_of: UUID | None = None
    overdue_on: date | None = None
    withdrawn: tuple[str, ...] = ()
    closed_on: date | None = None

    @property
    def living_parties(self) -> tuple[str, ...]:
        """The parties that have not withdrawn."""
        return tuple(party for party in self.parties if party not in self.withdrawn)

    def is_overdue(self, on: date) -> bool:
        """Whether it should have been ruled before `on`."""
        return self.state is DisputeState.OPEN and on > self.due_on


def open_dispute(
    organisation: Organisation,
    rules: DisputeRules,
    *,
    dispute_id: UUID,
    customer_key: UUID,
    owner_unit: str,
    claimants: Iterable[str],
    cause: DisputeCause,
    on: date,
) -> Dispute:
    """The case between the owner and `claimants`, for the next higher centre (R-37).

    A branch is spoken for by its centre (R-04). Raises NothingInDispute when nobody but the owner
    is left.
    """
    parties = {organisation.centre_of(unit).code for unit in (owner_unit, *claimants)}
    if len(parties) < 2:
        raise NothingInDispute(
            f"除归属单位 {owner_unit} 外没有其他单位",
            f"there is no party but the owner, {owner_unit}",
            pointer="/claimants",
        )
    return Dispute(
        dispute_id=dispute_id,
        customer_key=customer_key,
        parties=tuple(sorted(parties)),
        ruling_unit=organisation.next_higher_centre(parties).code,
        cause=cause,
        opened_on=on,
        due_on=on + timedelta(days=rules.ruling_days),
    )


def require_none_open(known: Iterable[Dispute]) -> None:
    """Make sure that no dispute about the customer is open; raises DisputeOpenAlready (R-37)."""
    for dispute in known:
        if dispute.state is DisputeState.OPEN:
            raise DisputeOpenAlready(
                f"该客户自 {dispute.opened_on} 起已有争议在审",
                f"a dispute about this customer is open since {dispute.opened_on}",
                dispute_id=str(dispute.dispute_id),
            )


def unheard(claimants: Iterable[str], known: Sequence[Dispute]) -> tuple[str, ...]:
    """Those of `claimants` (centres) for whom a new case is due (R-37).

    None while a case is open; afterwards those who were no party of any.
    """
    if any(dispute.state is DisputeState.OPEN for dispute in known):
        return ()
    heard = {party for dispute in known for party in dispute.parties}
    return tuple(sorted(set(claimants) - heard))


def require_open(dispute: Dispute) -> Dispute:
    """The dispute while it is open; raises DisputeClosed."""
    if dispute.state is not DisputeState.OPEN:
        ended_on = dispute.ruled_on or dispute.closed_on
        raise DisputeClosed(
            f"争议已于 {ended_on} 结束：{dispute.state}",
            f"the dispute was {dispute.state} on {ended_on}",
            state=dispute.state.value,
            ended_on=str(ended_on),
        )
    return dispute


def require_ending(dispute: Dispute, on: date) -> Dispute:
    """The open dispute, if it may end on `on`; raises DisputeClosed, BeforeTheCase (R-37).

    A ruling of an earlier day would be too old to be appealed against as soon as it is made.
    """
    require_open(dispute)
    if on < dispute.opened_on:
        raise BeforeTheCase(
            f"{on} 早于立案日期 {dispute.opened_on}",
            f"{on} lies before the day on which the dispute was opened, {dispute.opened_on}",
            pointer="/on",
            opened_on=dispute.opened_on.isoformat(),
        )
    return dispute


def speaks_for(dispute: Dispute, organisation: Organisation, unit: str) -> str:
    """The party that people of `unit` speak for, or the ruling centre; raises NotAParty (R-37).

    A party is spoken for by its own people, those below it, and a centre above it alone.
    """
    require_open(dispute)
    return party_of(dispute, organisation, unit)


def party_of(dispute: Dispute, organisation: Organisation, unit: str) -> str:
    """As `speaks_for`, of a dispute in any state; raises NotAParty (R-37)."""
    parties = [party for party in dispute.parties if organisation.overlap(unit, party)]
    if len(parties) == 1:
        return parties[0]
    if organisation.is_within(dispute.ruling_unit, unit):
        return dispute.ruling_unit
    raise NotAParty(
        f"{unit} 不是争议当事单位",
        f"{unit} is no party of this dispute",
        parties=list(dispute.parties),
    )


def overdue(dispute: Dispute, on: date) -> Dispute:
    """The dispute, marked as not ruled in time; it stays open (R-37)."""
    assert dispute.is_overdue(on), "the sweep finds only what is overdue"
    return dataclasses.replace(dispute, overdue_on=on, version=dispute.version + 1)
