"""preset, sweep, calendar: what holds, and what falls due by it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from shared import presets, sweeps
from shared.cli.session import explained, opened
from shared.clock import business_date
from shared.policy_body import advice_of
from shared.service import Service


def add_commands(app: typer.Typer, service: Service) -> None:
    """Add the commands about policy and time."""
    preset = typer.Typer(help="Policy data shipped with the service.", no_args_is_help=True)
    app.add_typer(preset, name="preset")

    @preset.command("list")
    def list_presets() -> None:
        """The presets that this service ships."""
        for name in presets.names(service.package):
            typer.echo(name)

    @preset.command("load")
    def load_preset(name: str) -> None:
        """Record the policies of a preset; what is recorded already is left as it is."""
        with explained():
            for line in asyncio.run(_load_preset(service, name)):
                typer.echo(line)

    @app.command()
    def sweep(
        since: Annotated[
            datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="first date")
        ] = None,
        until: Annotated[
            datetime | None,
            typer.Option("--to", formats=["%Y-%m-%d"], help="last date; today if left out"),
        ] = None,
    ) -> None:
        """Perform what falls due on every business date that was missed, in order."""
        with explained():
            asyncio.run(_sweep(service, since, until))


async def _load_preset(service: Service, name: str) -> list[str]:
    preset = presets.shipped(service.package, name, service.policies)
    async with opened(service, "preset") as held, held.works.begin() as work:
        recorded = await presets.load(work, preset)
    lines = [f"{each.name}: version {each.version} from {each.effective_on}" for each in recorded]
    advice = [
        f"{each.rule} {type(entry.policy).policy_name}: {each.zh} / {each.en}"
        for entry in preset.entries
        for each in advice_of(entry.policy)
    ]
    return [*(lines or [f"{name}: every policy is recorded already"]), *advice]


def _show_portion(performed: sweeps.Performed) -> None:
    if not performed.is_whole:
        typer.echo(f"{performed.on} {performed.sweep}: {performed.due} …", err=True)


async def _sweep(service: Service, since: datetime | None, until: datetime | None) -> None:
    async with opened(service, "sweep") as held:
        last = until.date() if until else business_date(held.works.clock.now(), held.works.zone)
        first = since.date() if since else None
        performed = await sweeps.perform(held.works, service.sweeps, last, first, _show_portion)
    due: dict[str, int] = {}
    for each in performed:
        due[each.sweep] = due.get(each.sweep, 0) + each.due
    for name, number in due.items():
        typer.echo(f"{name}: {number}")
    if not due:
        typer.echo(
            f"截至 {last} 的业务日期均已执行；此后到来的在下一业务日期处理"
            f" / every business date up to {last} is done; what came since is met on the next"
        )
