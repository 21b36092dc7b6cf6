"""Does a customer show every document that policy demands before its approval (R-26)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.registry.domain.proof.declarations import Declaration
from services.registry.domain.proof.documents import (
    Document,
    Lack,
    RequiredDocuments,
    lacking,
    require_documents,
)
from services.registry.domain.register.customers import Customer
from services.registry.storage.proof import documents
from shared.policy import Versioned, in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Check:
    """What policy demands, what is there, and what is lacking on a day."""

    policy: Versioned[RequiredDocuments]
    documents: Sequence[Document]
    waived: Sequence[str]
    lacks: tuple[Lack, ...]


async def handle(work: Work, customer: Customer, declaration: Declaration, on: date) -> Check:
    """Compare the documents of the customer with the policy of the day `on` (R-26)."""
    policy = await in_force(work, RequiredDocuments, on)
    held = await documents.of_customer(work, customer.customer_key)
    waived = await documents.waived(work, declaration.declaration_id)
    lacks = lacking(policy.body, customer, held, waived, on)
    return Check(policy, held, waived, lacks)


async def seen(
    work: Work, customer: Customer, declaration: Declaration, on: date
) -> dict[str, object]:
    """What a decision on the day `on` saw, to be chained; raises DocumentsLacking (R-26)."""
    check = await handle(work, customer, declaration, on)
    require_documents(check.lacks, check.policy.version, on)
    return {
        "documents_policy_version": check.policy.version,
        "documents": [str(document.document_id) for document in check.documents],
        "waived": list(check.waived),
    }
