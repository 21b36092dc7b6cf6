"""Operators' commands that only billing has: `verify books` (B-34)."""

from __future__ import annotations

import asyncio

import typer

from services.billing.storage.books.verification import CHECKS, Difference, differences
from shared.cli.session import explained, opened
from shared.service import AddCommands, Service


def add_verification(app: typer.Typer, service: Service) -> None:
    """Add the command that proves that the ledger is under every figure."""
    verify = typer.Typer(
        help="Prove that everything kept agrees with the ledger.", no_args_is_help=True
    )
    app.add_typer(verify, name="verify")

    # With one command alone typer would forget the name of the group's member.
    verify.callback()(lambda: None)

    @verify.command()
    def books() -> None:
        """Compare balances, items, payments, postings, deposits and closed months with the ledger.

        Reads one instant while the service works. Names every difference; exit code 1 if there is
        any.
        """
        with explained():
            found = asyncio.run(_compare(service))
        for each in found:
            typer.secho(
                f"{each.check} {each.key}: 总账 / ledger {each.ledger}, 所存 / kept {each.kept}",
                fg="red",
                err=True,
            )
        if found:
            typer.echo(f"有误 / wrong: {len(found)}")
            raise typer.Exit(1)
        typer.echo(f"相符 / in agreement: {', '.join(CHECKS)}")


async def _compare(service: Service) -> list[Difference]:
    async with opened(service, "verify") as held, held.works.begin() as work:
        await work.see_one_instant()
        await work.run("SET LOCAL statement_timeout = 0")
        return [each async for _, found in differences(work) for each in found]


COMMANDS: tuple[AddCommands, ...] = (add_verification,)
