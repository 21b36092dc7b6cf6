"""Disputes that end without a ruling: a claim is withdrawn, or the parties agree (R-37)."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.cases.rulings import Ruling

from ..belonging.jurisdiction import require_declared
from ..belonging.splits import Terms
from ..centres.organisation import Organisation
from .dispute_refusals import NotAParty, NothingToWithdraw, SettlementOutOfReach
from .disputes import Dispute, DisputeCause, DisputeState, require_ending, require_open


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a party proposes to agree on: owner, shares, and from when."""

    settlement_id: UUID
    dispute_id: UUID
    sequence: int
    proposed_for: str
    owner_unit: str
    terms: Terms
    effective_on: date
    statement: str

    @property
    def units(self) -> frozenset[str]:
        """Every unit that it names."""
        shares = (*self.terms.base, *self.terms.increment)
        return frozenset({self.owner_unit, *(share.unit for share in shares)})


def withdraw(
    dispute: Dispute, party: str, owner_unit: str, organisation: Organisation, on: date
) -> Dispute:
    """The dispute without the claim of `party` (R-37).

    Raises DisputeClosed, BeforeTheCase, NothingToWithdraw.

    An appeal is over when the appellant withdraws it; any other case when no claimant is left. The
    owner has claimed nothing and withdraws nothing.
    """
    require_ending(dispute, on)
    is_appeal = dispute.cause is DisputeCause.APPEAL
    may = party == dispute.opened_for if is_appeal else not organisation.overlap(party, owner_unit)
    if not may or party not in dispute.living_parties:
        raise NothingToWithdraw(
            f"{party} 没有可撤回的主张",
            f"{party} has no claim to withdraw",
            party=party,
        )
    withdrawn = (*dispute.withdrawn, party)
    left = [
        each
        for each in dispute.living_parties
        if each != party and not organisation.overlap(each, owner_unit)
    ]
    is_over = is_appeal or not left
    return dataclasses.replace(
        dispute,
        withdrawn=withdrawn,
        state=DisputeState.WITHDRAWN if is_over else dispute.state,
        closed_on=on if is_over else None,
        version=dispute.version + 1,
    )


def propose(
    dispute: Dispute, settlement: Settlement, organisation: Organisation, declared_on: date
) -> Settlement:
    """The proposal, if its parties may agree on it (R-37).

    Raises DisputeClosed, NotAParty, SettlementOutOfReach, NoCentre, BeforeDeclaration.
    """
    require_open(dispute)
    require_living(dispute, settlement.proposed_for)
    organisation.require_centre(settlement.owner_unit, "/owner_unit")
    for unit in sorted(settlement.units):
        if not any(organisation.is_within(unit, party) for party in dispute.living_parties):
            raise SettlementOutOfReach(
                f"{unit} 不属于任何当事单位",
                f"{unit} lies in no party's territory",
                unit=unit,
                parties=list(dispute.living_parties),
            )
    require_declared(declared_on, settlement.effective_on)
    return settlement


def require_living(dispute: Dispute, party: str) -> str:
    """`party`, if it is one that has not withdrawn; raises NotAParty (the judge agrees nothing)."""
    if party in dispute.living_parties:
        return party
    raise NotAParty(
        f"{party} 不是当事单位",
        f"{party} is no party of this dispute",
        parties=list(dispute.living_parties),
    )


def settled(dispute: Dispute, accepted: Collection[str], on: date) -> Dispute | None:
    """The dispute once every party has accepted, or None while one has not (R-37).

    Raises DisputeClosed, BeforeTheCase.
    """
    require_ending(dispute, on)
    if set(dispute.living_parties) - set(accepted):
        return None
    return dataclasses.replace(
        dispute, state=DisputeState.SETTLED, closed_on=on, version=dispute.version + 1
    )


def as_ruling(settlement: Settlement, on: date) -> Ruling:
    """The agreement in the form of a ruling: it stands as firmly, and is no centre's word."""
    return Ruling(
        ruling_id=settlement.settlement_id,
        owner_unit=settlement.owner_unit,
        effective_on=settlement.effective_on,
        ruled_on=on,
        reason=settlement.statement,
        terms=settlement.terms,
    )
