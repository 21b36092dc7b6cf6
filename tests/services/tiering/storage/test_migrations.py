"""The migrations make the tables that the code describes."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from services.tiering.storage.tables import metadata
from shared.work import Work


async def test_the_migrated_database_is_what_the_tables_say(work: Work) -> None:
    def differences(connection: Connection) -> object:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            },
        )
        return compare_metadata(context, metadata)

    assert await work.connection.run_sync(differences) == []


async def test_every_table_about_customers_or_units_has_the_second_lock(work: Work) -> None:
    rows = await work.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND NOT relrowsecurity AND relname <> 'alembic_version'"
    )
    open_to_all = {row["relname"] for row in rows}
    assert open_to_all == {"schemes", "score_runs"}
    for table in metadata.tables.values():
        if table.name in open_to_all:
            assert "customer_key" not in table.columns
