"""`python -m shared.auth mint --staff … --unit … --roles …`: a development token on stdout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shared.auth.development import WARNING, DevelopmentIssuer
from shared.clock import SystemClock

cli = typer.Typer(add_completion=False, no_args_is_help=True)


@cli.callback()
def tokens() -> None:
    """开发令牌 / development tokens"""


@cli.command()
def mint(
    staff: Annotated[str, typer.Option(help="工号 / staff code")],
    unit: Annotated[str, typer.Option(help="单位代码 / unit code")],
    roles: Annotated[str, typer.Option(help="角色，逗号分隔 / roles, comma-separated")],
    audience: Annotated[str, typer.Option(envvar="SITE_JWT_AUDIENCE")] = "dakehu",
    keys: Annotated[Path, typer.Option(help="密钥目录 / folder of the key")] = Path("var/keys"),
) -> None:
    """签发一个八小时的开发令牌 / print a token that is good for eight hours."""
    typer.echo(WARNING, err=True)
    issuer = DevelopmentIssuer(keys, audience)
    named = [role.strip() for role in roles.split(",") if role.strip()]
    typer.echo(issuer.mint(staff, unit, named, SystemClock().now()))


if __name__ == "__main__":
    cli()
