"""The migrations make the tables that the code describes."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from services.billing.storage.tables import metadata
from shared.work import Work


async def test_the_migrated_database_is_what_the_tables_say(work: Work) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            },
        )
        return [each for each in compare_metadata(context, metadata) if "comment" not in str(each)]

    assert await work.connection.run_sync(differences) == []


async def test_every_table_about_customers_or_units_has_the_second_lock(work: Work) -> None:
    rows = await work.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND NOT relrowsecurity AND relname <> 'alembic_version'"
    )
    open_to_all = {row["relname"] for row in rows}
    assert open_to_all == {"accounts", "closed_months", "control_totals", "controlled_facts"}
    for name in open_to_all:
        assert "customer_key" not in metadata.tables[name].columns


async def test_both_sides_of_the_journal_are_seen_through_the_second_lock(work: Work) -> None:
    options = await work.value("SELECT reloptions FROM pg_class WHERE relname = 'entries'")
    assert options == ["security_invoker=true"]
