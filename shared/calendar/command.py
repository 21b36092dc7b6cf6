"""calendar load | show: public holidays and make-up working days, for the command line."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from shared import calendar
from shared.calendar import CalendarFile, InvalidCalendar, festivals_between
from shared.cli.session import explained, opened
from shared.importing.encodings import encoding_of
from shared.service import Service


def add_commands(app: typer.Typer, service: Service) -> None:
    """Add the commands about the working calendar."""
    days = typer.Typer(help="Public holidays and make-up working days.", no_args_is_help=True)
    app.add_typer(days, name="calendar")

    @days.command()
    def load(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
        """Record a year of the State Council's notice (holiday-cn JSON) or corrections (CSV)."""
        with explained():
            read = calendar.read_calendar(file.read_text(encoding=encoding_of(file)))
            typer.echo(asyncio.run(_load(service, read, file.name)))

    @days.command()
    def show(year: Annotated[int, typer.Argument(min=1949, max=2200)]) -> None:
        """The days off, make-up days and festivals of a year, as they are known now."""
        with explained():
            for line in asyncio.run(_show(service, year)):
                typer.echo(line)


async def _load(service: Service, read: CalendarFile, source: str) -> str:
    async with opened(service, "calendar") as held, held.works.begin() as work:
        loaded = await calendar.load(work, read, source)
    years = ", ".join(map(str, loaded.years_announced)) or "none"
    return (
        f"{loaded.days_changed} days recorded, {loaded.days_unchanged} known already;"
        f" announced in full: {years}"
    )


async def _show(service: Service, year: int) -> list[str]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    async with opened(service, "calendar") as held, held.works.begin() as work:
        known = await calendar.working_calendar(work)
    if not known.is_announced(first):
        raise InvalidCalendar(
            f"{year} 年放假安排尚未公布，期限仅按周一至周五暂计",
            f"the holidays of {year} are not announced; deadlines count plain weekdays for now",
        )
    lines = [
        f"{on}  {'上班 worked' if day.is_working else '放假 off'}  {day.name}"
        for on, day in sorted(known.days.items())
        if on.year == year
    ]
    lines += [f"{on}  {festival.name_zh}" for on, festival in festivals_between(first, last)]
    return [*lines, f"{known.working_days(first, last)} working days"]
