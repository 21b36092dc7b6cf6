"""Builds the command line of one service."""

from __future__ import annotations

import typer

from shared.calendar import command as calendar
from shared.cli import dead_letters, facts, processes, rules
from shared.service import Service

for_people = {"help_option_names": ["-h", "--help"]}


def build(service: Service) -> typer.Typer:
    """All commands of `service`: those of this package, then those that it alone has."""
    app = typer.Typer(
        name=f"services.{service.name}",
        help=f"Dakehu {service.name}: run, migrate, import, sweep, drain, mend.",
        no_args_is_help=True,
        add_completion=False,
        context_settings=for_people,
        pretty_exceptions_show_locals=False,
    )
    for module in (processes, rules, facts, dead_letters, calendar):
        module.add_commands(app, service)
    for add_commands in service.commands:
        add_commands(app, service)
    return app


def run(service: Service) -> None:
    """Read the command line and do it."""
    build(service)()
