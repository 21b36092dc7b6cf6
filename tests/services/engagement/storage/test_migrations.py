"""What the migrations make is what the tables say."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from services.engagement.storage.tables import metadata
from shared.work import Work


def differences(connection: Connection) -> list[object]:
    """How the migrated database differs from the tables, constraints and comments aside."""
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "schema" or name is None,
            "include_object": lambda thing, name, kind, *_: (
                kind not in ("table",) or not str(name).startswith("alembic")
            ),
        },
    )
    found = compare_metadata(context, metadata)
    return [each for each in found if "comment" not in str(each).split(",")[0]]


async def test_the_migrated_database_is_what_the_tables_say(work: Work) -> None:
    assert await work.connection.run_sync(differences) == []


async def test_what_is_only_ever_added_to_is_neither_changed_nor_deleted(work: Work) -> None:
    rows = await work.rows(
        "SELECT event_object_table AS name FROM information_schema.triggers"
        " WHERE trigger_name = 'only_ever_added' AND event_object_schema = 'public'"
    )
    assert {row["name"] for row in rows} == {
        "classes",
        "tiers",
        "owners",
        "managers",
        "obligation_decisions",
        "verification_calls",
        "expense_signatures",
        "complaint_steps",
        "complaint_breaches",
        "disclosures",
        "handover_answers",
        "handover_moves",
    }


async def test_every_table_is_behind_row_level_security(work: Work) -> None:
    rows = await work.rows(
        "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind = 'r' AND NOT relrowsecurity"
        " AND relname NOT LIKE 'alembic%'"
    )
    assert [row["relname"] for row in rows] == []
