"""The ids of receivables: derived from the sender's number, the same wherever they are made."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.enterprise import ChargeRaised, OpeningBalanceStated
from shared.identifiers import derived_id


def charge_id_of(system: str, ref: str) -> UUID:
    """The id of the receivable that a sender's charge becomes."""
    return derived_id("charge", system, ChargeRaised.event_name, ref)


def opened_id_of(system: str, ref: str) -> UUID:
    """The id of the receivable that a sender's opening balance becomes."""
    return derived_id("charge", system, OpeningBalanceStated.event_name, ref)
