"""Which contracts a key account must have; policy says (R-30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ContractRule:
    """One kind of contract that is demanded, and of whom (as `DocumentRule` says it)."""

    kind: str
    zh: str
    en: str
    customer_kinds: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()


@dataclass(frozen=True)
class RequiredContracts:
    """Contracts that every registered key account must have in force (R-30)."""

    policy_name: ClassVar[str] = "required-contracts"

    contracts: tuple[ContractRule, ...]
