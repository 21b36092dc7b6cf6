"""A document of a customer is registered: its data, where it lies, the digest of a copy (R-26)."""

from __future__ import annotations

from services.registry.domain.proof.documents import Document, register
from services.registry.storage.proof import documents
from services.registry.storage.register import customers
from shared.moments import business_day
from shared.work import Work


async def handle(work: Work, document: Document) -> Document:
    """Keep the document; one of the same kind that was registered before counts no more.

    Raises UnknownCustomer, InvalidDocument, InTheFuture.
    """
    business_day(document.registered_on, work.today)
    await customers.load(work, document.customer_key)
    registered = register(document)
    await documents.add(work, registered)
    return registered
