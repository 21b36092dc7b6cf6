"""Framework contracts."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerFact, SourceRef
from shared.contracts.values import Code, Day, Label, Word


class ContractSigned(CustomerFact):
    """A framework contract was signed. Entity: `contract`."""

    subject: ClassVar[str] = "dakehu.registry.contract_signed.v1"
    contract_id: UUID
    """The framework contract."""
    kind: Word | None = None
    """`cooperation`, `supply`, `dispatch` …, as policy demands them (R-30); absent: not told."""
    source: SourceRef | None = None
    """Where it was imported from, if it was."""
    signed_at_unit: Code
    """The unit at the place of the signing body (R-36)."""
    signed_on: Day
    """The day of the signature."""
    valid_until_on: Day | None = None
    """Last day; absent: until it is ended."""
    business_lines: tuple[Label, ...] = ()
    """Empty: all lines."""
