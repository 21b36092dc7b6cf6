"""api, worker, migrate: the processes of a service."""

from __future__ import annotations

import asyncio

import typer

from shared.cli.session import read_settings
from shared.service import Service


def add_commands(app: typer.Typer, service: Service) -> None:
    """Add the commands that start processes."""

    @app.command()
    def api() -> None:
        """Serve the HTTP surface until SIGTERM."""
        from shared.http.app import serve

        serve(service, read_settings(service, "api"))

    @app.command()
    def worker() -> None:
        """Take facts, send facts and perform what falls due, until SIGTERM."""
        from shared import worker as process

        asyncio.run(process.run(service, read_settings(service, "worker")))

    @app.command()
    def migrate() -> None:
        """Bring the database to its newest state; safe to run again, and by several at once."""
        from shared.migrations.run import upgrade

        upgrade(read_settings(service, "migrate").sqlalchemy_url, service.package)
        typer.echo(f"{service.name}: the database is at its newest state")
