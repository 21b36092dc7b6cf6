"""What the migrations make is what the tables say."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from services.registry.storage.tables import metadata
from shared.work import Work


def differences(connection: Connection) -> list[object]:
    """How the migrated database differs from the tables, comments aside."""
    options = {
        "compare_type": True,
        "include_object": lambda thing, name, kind, *_: (
            kind != "table" or not str(name).startswith("alembic")
        ),
    }
    context = MigrationContext.configure(connection, opts=options)
    found = compare_metadata(context, metadata)
    return [each for each in found if "comment" not in str(each).split(",")[0]]


async def test_the_migrated_database_is_what_the_tables_say(work: Work) -> None:
    assert await work.connection.run_sync(differences) == []


async def test_r21_r68_histories_are_neither_changed_nor_deleted(work: Work) -> None:
    rows = await work.rows(
        "SELECT event_object_table AS name FROM information_schema.triggers"
        " WHERE trigger_name = 'only_ever_added' AND event_object_schema = 'public'"
    )
    assert {row["name"] for row in rows} == {
        *("staff_events", "staff_states", "customer_changes", "declaration_chain"),
        *("ownerships", "splits", "manager_assignments", "manager_swaps", "signatures"),
        *("contracts", "tiers", "rulings"),
        *("developer_proposals", "documents", "document_waivers", "former_names"),
        "service_pauses",
        *("issued_under", "customer_moves", "quality_flags", "flag_resolutions"),
        "division_corrections",
        *("customer_types", "base_agreements", "sharing_terms", "routings"),
        *("settlements", "settlement_answers", "dispute_facts"),
        *("duplicate_questions", "identities"),
        *("centres", "centre_decisions", "region_classes"),
        *("archive_custodians", "archive_versions", "archive_erasures", "archive_confirmations"),
        *("archive_overdue_notices", "archive_request_steps", "archive_asset_steps"),
        *("archive_loan_steps", "archive_audit", "archive_audit_chain"),
        *("recognitions", "government_profiles"),
        *("handover_lines", "handover_marks", "handover_answers", "rotation_steps"),
        *("misuse_steps", "interests", "interest_endings"),
    }


async def test_only_tables_without_a_customer_or_a_person_are_open_to_all_readers(
    work: Work,
) -> None:
    rows = await work.rows(
        "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind = 'r' AND NOT relrowsecurity"
        " AND has_table_privilege('dakehu_reader', pg_class.oid, 'SELECT')"
        " AND relname NOT LIKE 'alembic%' ORDER BY relname"
    )
    assert [row["relname"] for row in rows] == [
        *("branch_sequences", "division_corrections", "division_sequences"),
        *("region_classes", "sharing_terms", "units"),
    ]
