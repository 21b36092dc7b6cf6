"""A customer is found by the phones and people of its archive, and nobody reads them (R-81)."""

from __future__ import annotations

from uuid import UUID

from services.registry.domain.archive.content import Secrets
from services.registry.domain.archive.finding import findable
from services.registry.domain.archive.parts.fields import Section
from services.registry.storage.identity import marks
from shared.work import Work


async def handle(work: Work, customer_key: UUID, section: Section, secrets: Secrets) -> None:
    """Keep marks of what the newest version of a part says; those of the version before go."""
    found = findable(section, secrets)
    source = f"archive/{section}"
    await marks.keep(work, customer_key, source, phones=found.phones, people=found.people)
