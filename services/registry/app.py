"""Registry's wiring: the only place that puts its parts together."""

from __future__ import annotations

from fastapi import APIRouter

from services.registry.commands import COMMANDS
from services.registry.consumers import CONSUMERS
from services.registry.domain.archive.access import ArchiveAccess
from services.registry.domain.archive.completeness import ArchiveCompleteness
from services.registry.domain.archive.custody.assets import ArchiveCustody
from services.registry.domain.archive.freshness import ArchiveFreshness
from services.registry.domain.belonging.jurisdiction import JurisdictionRules
from services.registry.domain.belonging.leads import LeadCredit
from services.registry.domain.belonging.precedence import SplitPrecedence
from services.registry.domain.belonging.types import ServiceLinks
from services.registry.domain.cases.disputes import DisputeRules
from services.registry.domain.centres.centre_names import CentreOrganisation
from services.registry.domain.centres.posts import CentrePosts
from services.registry.domain.centres.region_classes import RegionClasses
from services.registry.domain.centres.specialty_centres import SpecialtyCentres
from services.registry.domain.conduct.conflicts import ConflictsOfInterest
from services.registry.domain.conduct.penalties import MisusePenalties
from services.registry.domain.forms.exporting import CustomerExport
from services.registry.domain.forms.titles import PrintedForms
from services.registry.domain.identity.likeness import DuplicateDetection
from services.registry.domain.identity.merging import MergeRules
from services.registry.domain.people.contact_people import ContactPeople, JointContact
from services.registry.domain.people.handovers import HandoverRules
from services.registry.domain.people.manager_pairs import ManagerPairs
from services.registry.domain.people.rotations import ManagerRotation
from services.registry.domain.people.trust import CustomerTrust
from services.registry.domain.people.workload import ManagerLoad
from services.registry.domain.proof.changes.applications import ChangeRules
from services.registry.domain.proof.credit_problems import CreditSuspension
from services.registry.domain.proof.declarations import DeclarationApproval
from services.registry.domain.proof.documents import RequiredDocuments
from services.registry.domain.proof.required_contracts import RequiredContracts
from services.registry.domain.recognition.criteria import KeyAccountRecognition
from services.registry.domain.recognition.government import GovernmentBodies
from services.registry.domain.register.customer_ids import CustomerIdLayout
from services.registry.domain.register.lead_entry import LeadEntry
from services.registry.handlers.republish import REPUBLISH
from services.registry.imports import IMPORTS
from services.registry.settings import Settings
from services.registry.storage.tables import metadata
from services.registry.sweeps import SWEEPS
from shared.service import Service


def _routers() -> tuple[APIRouter, ...]:
    from services.registry.api import ROUTERS

    return ROUTERS


SERVICE = Service(
    name="registry",
    package="services.registry",
    settings=Settings,
    metadata=metadata,
    consumers=CONSUMERS,
    routers=_routers,
    sweeps=SWEEPS,
    policies=(
        *(ArchiveAccess, ArchiveCompleteness, ArchiveCustody, ArchiveFreshness),
        *(CustomerIdLayout, LeadEntry, DeclarationApproval, RequiredDocuments, DisputeRules),
        *(CreditSuspension, RequiredContracts, ChangeRules),
        *(SplitPrecedence, LeadCredit, ServiceLinks, JurisdictionRules),
        *(ManagerPairs, ManagerLoad, ManagerRotation, HandoverRules),
        *(ContactPeople, JointContact, CustomerTrust),
        *(CentreOrganisation, SpecialtyCentres, CentrePosts, RegionClasses),
        *(DuplicateDetection, MergeRules),
        *(PrintedForms, CustomerExport),
        *(KeyAccountRecognition, GovernmentBodies),
        *(MisusePenalties, ConflictsOfInterest),
    ),
    imports=IMPORTS,
    republish=REPUBLISH,
    commands=COMMANDS,
)
