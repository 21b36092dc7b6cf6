"""HTTP in: one module a resource; decode, call one handler, respond."""

from __future__ import annotations

from fastapi import APIRouter

from services.registry.api import reports
from services.registry.api.archive import assets as archive_assets
from services.registry.api.archive import audit as archive_audit
from services.registry.api.archive import erasures as archive_erasures
from services.registry.api.archive import files as archive_files
from services.registry.api.archive import loans as archive_loans
from services.registry.api.archive import parts as archive_parts
from services.registry.api.archive import queries as archive_queries
from services.registry.api.archive import records as archive_records
from services.registry.api.archive import requests as archive_requests
from services.registry.api.belonging import contracts, jurisdiction, ownership, types
from services.registry.api.cases import disputes, endings, marketing
from services.registry.api.centres import centres, regions, staff, units
from services.registry.api.centres import reports as centre_reports
from services.registry.api.conduct import interests, misuse
from services.registry.api.forms import classification, customer_file, export
from services.registry.api.forms import declaration as declaration_form
from services.registry.api.identity import duplicates, merges
from services.registry.api.people import contacts, handovers, managers, reassignments, rotations
from services.registry.api.people import reports as people_reports
from services.registry.api.proof import changes, credit, declarations, documents, proposals
from services.registry.api.recognition import government, recognitions
from services.registry.api.register import (
    customers,
    flags,
    identification,
    register_reports,
    stages,
)

ROUTERS: tuple[APIRouter, ...] = (
    units.router,
    centres.router,
    regions.router,
    staff.router,
    recognitions.router,
    misuse.router,
    interests.router,
    government.router,
    centre_reports.router,
    declarations.router,
    proposals.router,
    documents.router,
    changes.router,
    credit.router,
    # Before the customers: /parse-id is no customer key.
    identification.router,
    flags.router,
    stages.router,
    customers.router,
    managers.router,
    contacts.router,
    handovers.router,
    rotations.router,
    reassignments.router,
    ownership.router,
    types.router,
    jurisdiction.router,
    contracts.router,
    disputes.router,
    endings.router,
    marketing.router,
    duplicates.router,
    merges.router,
    reports.router,
    register_reports.router,
    people_reports.router,
    # Before the customers: /export is no customer key.
    export.router,
    classification.router,
    declaration_form.router,
    customer_file.router,
    archive_files.router,
    archive_parts.router,
    archive_records.router,
    archive_erasures.router,
    archive_queries.router,
    archive_requests.router,
    archive_audit.router,
    archive_assets.router,
    archive_loans.router,
)
