"""The operators' command about archives: `verify archives` (X-08)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from services.registry.domain.archive.audit import AuditReport
from services.registry.domain.proof.evidence_chain import Head, head_from
from services.registry.storage.archive import audit
from services.registry.storage.archive.verification import verify
from shared.cli.session import explained, opened
from shared.service import Service


def verification(service: Service) -> Callable[[list[str] | None], None]:
    """The command that proves that nobody altered the log of archives."""

    def archives(
        head: Annotated[
            list[str] | None,
            typer.Option(help="an end of the log noted before, SEQUENCE:HASH; may be repeated"),
        ] = None,
    ) -> None:
        """Seal what waits, then walk the log of who read and changed archives.

        Names what was altered, dropped, moved or added; exit code 1 if anything is wrong.
        """
        with explained():
            report = asyncio.run(_verify(service, [head_from(text) for text in head or ()]))
        _tell(report)
        if not report.is_intact:
            raise typer.Exit(1)

    return archives


async def _verify(service: Service, noted: Sequence[Head]) -> AuditReport:
    async with opened(service, "verify") as held:
        async with held.works.begin() as work:
            await audit.seal(work)
        async with held.works.begin() as work:
            return await verify(work, noted)


def _tell(report: AuditReport) -> None:
    for fault in report.chain.faults:
        typer.secho(f"{fault.sequence}: {fault.zh} / {fault.en}", fg="red", err=True)
    for strange in report.strange:
        typer.secho(f"{strange.entry_id}: {strange.zh} / {strange.en}", fg="red", err=True)
    state = "完好 / intact" if report.is_intact else "有误 / wrong"
    typer.echo(f"{state}: 已封 / sealed {report.chain.entries}, 待封 / unsealed {report.unsealed}")
    typer.echo(f"链尾 / head: {report.chain.head}")
