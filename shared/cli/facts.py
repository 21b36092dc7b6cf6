"""drain, republish, import: facts in and out, by hand."""

# No postponed annotations here: typer reads the help of an argument that names the service's kinds.
import asyncio
from pathlib import Path
from typing import Annotated

import typer

from shared.cli.session import opened, read_settings, stream_of
from shared.messaging.draining import drain as drain_service
from shared.messaging.draining import is_idle
from shared.service import Service


def add_commands(app: typer.Typer, service: Service) -> None:
    """Add the commands that move facts."""

    @app.command()
    def drain(
        wait: Annotated[bool, typer.Option(help="return only when nothing is left")] = False,
    ) -> None:
        """Say whether facts are still to be sent or taken; exit code 1 if so."""
        if not asyncio.run(_drain(service, wait)):
            typer.echo(f"{service.name}: facts are under way")
            raise typer.Exit(1)
        typer.echo(f"{service.name}: nothing to send, to take or to acknowledge")

    @app.command()
    def republish(
        kind: Annotated[str, typer.Argument(help=", ".join(service.republish) or "none yet")],
    ) -> None:
        """Publish current state again at unchanged versions, for a consumer that missed it."""
        if kind not in service.republish:
            raise typer.BadParameter(f"one of: {', '.join(service.republish)}")
        typer.echo(f"{kind}: {asyncio.run(_republish(service, kind))} pages")

    @app.command("import")
    def import_file(
        kind: Annotated[str, typer.Argument(help=", ".join(service.imports) or "none yet")],
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
        mapping: Annotated[Path | None, typer.Option(exists=True, dir_okay=False)] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="check, send nothing")] = False,
        errors: Annotated[Path | None, typer.Option(help="where bad rows go")] = None,
    ) -> None:
        """Read a CSV or XLSX file and publish its rows as facts, or run them through registry."""
        from shared.importing import command

        if kind not in service.imports:
            raise typer.BadParameter(f"one of: {', '.join(service.imports)}")
        settings = read_settings(service, "import")
        code = command.run(service, settings, kind, file, mapping, dry_run, errors)
        raise typer.Exit(code)


async def _drain(service: Service, wait: bool) -> bool:
    async with opened(service, "drain") as held, stream_of(held) as stream:
        if wait:
            await drain_service(service.name, service.consumers, held.engine, stream)
            return True
        return await is_idle(service.name, service.consumers, held.engine, stream)


async def _republish(service: Service, kind: str) -> int:
    pages = 0
    last: str | None = None
    async with opened(service, "republish") as held:
        while True:
            async with held.works.begin() as work:
                last = await service.republish[kind](work, last)
            pages += 1
            if last is None:
                return pages
