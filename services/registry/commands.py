"""Operators' commands that only registry has: `verify`, `reseal` (R-21, R-74, X-08)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from services.registry import archive_commands
from services.registry.domain.proof.chain_verification import ChainReport
from services.registry.domain.proof.evidence_chain import Head, head_from
from services.registry.handlers import reseal as resealing
from services.registry.storage.proof import verification
from shared.cli.session import explained, opened
from shared.service import AddCommands, Service


def add_verification(app: typer.Typer, service: Service) -> None:
    """Add the commands that prove that nobody altered what was recorded."""
    verify = typer.Typer(help="Prove that nobody altered what was recorded.", no_args_is_help=True)
    app.add_typer(verify, name="verify")

    @verify.command()
    def declarations(
        head: Annotated[
            list[str] | None,
            typer.Option(help="an end of the chain noted before, SEQUENCE:HASH; may be repeated"),
        ] = None,
        noted: Annotated[
            Path | None,
            typer.Option(help="a file of ends: all are compared, the present one is added"),
        ] = None,
    ) -> None:
        """Walk the chain of declarations; name whatever was altered, dropped, moved or added.

        Keep the file of ends outside the database: a chain that somebody rewrote as a whole is
        sound in itself, but does not meet an end that was noted before. Exit code 1 if anything
        is wrong.
        """
        with explained():
            anchors = [head_from(text) for text in (*(head or ()), *_lines(noted))]
            report = asyncio.run(_verify(service, anchors))
        _tell(report)
        if not report.is_intact:
            raise typer.Exit(1)
        if noted is not None:
            _note(noted, report.head)

    verify.command("archives")(archive_commands.verification(service))


async def _verify(service: Service, anchors: Sequence[Head]) -> ChainReport:
    bar = Progress(console=Console(stderr=True))
    async with opened(service, "verify") as held, held.works.begin() as work:
        with bar:
            task = bar.add_task("申报链 / declarations", total=None)
            return await verification.verify(
                work, anchors, lambda done, of: bar.update(task, completed=done, total=of)
            )


def _tell(report: ChainReport) -> None:
    for fault in report.faults:
        row = f" ({fault.row})" if fault.row else ""
        typer.secho(f"{fault.sequence}: {fault.zh} / {fault.en}{row}", fg="red", err=True)
    if report.is_intact:
        typer.echo(f"完好 / intact: {report.entries}")
    else:
        wrong = len(report.faults)
        typer.echo(f"完好 / intact: {report.entries}, 有误 / wrong: {wrong}")
    typer.echo(f"链尾 / head: {report.head}")


def _lines(noted: Path | None) -> list[str]:
    if noted is None or not noted.exists():
        return []
    return [line for line in noted.read_text(encoding="utf-8").splitlines() if line.strip()]


def _note(noted: Path, head: Head) -> None:
    if str(head) not in _lines(noted):
        with noted.open("a", encoding="utf-8") as file:
            file.write(f"{head}\n")


def add_resealing(app: typer.Typer, service: Service) -> None:
    """Add the command for the rotation of keys."""

    @app.command()
    def reseal() -> None:
        """Seal and mark what is confidential anew with the newest keys: the older can be dropped.

        May be interrupted and run again, also while the service works.
        """
        with explained():
            count = asyncio.run(_reseal(service))
        typer.echo(f"重新密封 / sealed anew: {count}")


async def _reseal(service: Service) -> int:
    total = 0
    async with opened(service, "reseal") as held:
        while True:
            async with held.works.begin() as work:
                count = await resealing.batch(work)
            if not count:
                return total
            total += count


COMMANDS: tuple[AddCommands, ...] = (add_verification, add_resealing)
