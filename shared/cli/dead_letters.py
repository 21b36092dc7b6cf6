"""dead-letters list | show | replay | discard: facts that could not be taken."""

from __future__ import annotations

import asyncio
import getpass
from typing import Annotated
from uuid import UUID

import orjson
import typer

from shared.cli.session import explained, opened
from shared.errors import Refusal
from shared.messaging import dead_letters
from shared.service import Service

By = Annotated[str, typer.Option(help="staff code of who does it", default_factory=getpass.getuser)]


def add_commands(app: typer.Typer, service: Service) -> None:
    """Add the commands about dead letters."""
    letters = typer.Typer(help="Facts that could not be taken.", no_args_is_help=True)
    app.add_typer(letters, name="dead-letters")

    @letters.command("list")
    def list_letters(
        state: Annotated[str, typer.Option(help="open, replayed or discarded")] = "open",
        limit: int = 100,
    ) -> None:
        """What could not be taken, and why."""
        asyncio.run(_list(service, state, limit))

    @letters.command()
    def show(letter_id: UUID, by: By) -> None:
        """One letter with its message; the read is recorded."""
        with explained():
            asyncio.run(_show(service, letter_id, by))

    @letters.command()
    def replay(
        by: By,
        letter_ids: Annotated[list[UUID] | None, typer.Argument()] = None,
        code: Annotated[str | None, typer.Option(help="all open letters of this reason")] = None,
    ) -> None:
        """Run letters through the same handler again, here; nothing is published again."""
        with explained():
            failed = asyncio.run(_replay(service, letter_ids or [], code, by))
        if failed:
            raise typer.Exit(1)

    @letters.command()
    def discard(letter_id: UUID, reason: Annotated[str, typer.Option()], by: By) -> None:
        """Close a letter for good, saying why."""
        with explained():
            asyncio.run(_discard(service, letter_id, by, reason))


async def _list(service: Service, state: str, limit: int) -> None:
    async with opened(service, "dead-letters") as held, held.works.begin() as work:
        for row in await dead_letters.listing(work, state=state, limit=limit):
            reason = row["reason"]
            typer.echo(
                f"{row['id']}  {row['received_at']:%Y-%m-%d %H:%M:%S}  {row['subject']}"
                f"  {row['ref'] or row['event_id'] or '-'}  {row['code']}\n"
                f"    {reason['zh']}\n    {reason['en']}"
            )


async def _show(service: Service, letter_id: UUID, by: str) -> None:
    async with opened(service, "dead-letters") as held, held.works.begin() as work:
        letter = await dead_letters.show(work, letter_id, by)
    typer.echo(orjson.dumps(letter, default=str, option=orjson.OPT_INDENT_2).decode())


async def _replay(service: Service, letter_ids: list[UUID], code: str | None, by: str) -> int:
    failed = 0
    async with opened(service, "dead-letters") as held:
        if code is not None:
            async with held.works.begin() as work:
                letter_ids = await dead_letters.open_with_code(work, code)
        for letter_id in letter_ids:
            try:
                await held.receiver.replay(letter_id, by)
                typer.echo(f"{letter_id}: taken")
            except Refusal as refusal:
                failed += 1
                typer.echo(f"{letter_id}: {refusal.detail_zh} / {refusal.detail_en}", err=True)
    return failed


async def _discard(service: Service, letter_id: UUID, by: str, reason: str) -> None:
    async with opened(service, "dead-letters") as held, held.works.begin() as work:
        await dead_letters.discard(work, letter_id, by, reason)
