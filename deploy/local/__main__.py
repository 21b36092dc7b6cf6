"""`python -m deploy.local run | demo`: the whole suite on this machine (make run, make demo)."""

from __future__ import annotations

import importlib
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shared.auth import DevelopmentIssuer
from shared.auth.development import WARNING
from shared.clock import SystemClock

from .binaries import ServerFailed
from .cast import CAST, Person, load_cast
from .environment import StartFailed
from .folders import ROOT, VAR, AlreadyRunning, clean
from .suite import FIRST_PORT, Suite

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
console = Console(highlight=False)
began = time.monotonic()

INTERRUPTED = 130
"""What a shell says of a command that Ctrl-C has ended."""


def say(line: str) -> None:
    """One line of progress, with the seconds since the start."""
    console.print(f"[dim]{time.monotonic() - began:6.1f} s[/dim]  {line}", soft_wrap=True)


@app.command()
def run(
    var: Annotated[Path, typer.Option(help="where data and secrets stay")] = VAR,
    any_port: Annotated[bool, typer.Option(help="take any free ports, not 8101 and on")] = False,
) -> None:
    """Start everything, print where it is and tokens to try it with, stay up until Ctrl-C."""
    with _started(Suite(var, say=say, first_port=None if any_port else FIRST_PORT)) as suite:
        with console.status("大客户中心的人员 / people for trying things"):
            load_cast(suite)
        show(suite)
        suite.keep_up()


@app.command()
def demo(var: Annotated[Path, typer.Option(help="where the data stay")] = VAR / "demo") -> None:
    """Start everything empty, play a year at a provincial post, print the result, stop."""
    clean(var)
    code = INTERRUPTED
    with _started(Suite(var, say=say, sweeps="manual", is_durable=False)) as suite:
        code = importlib.import_module("deploy.demo").play(suite, say)
    raise typer.Exit(code)


@contextmanager
def _started(suite: Suite) -> Iterator[Suite]:
    """The suite, started; Ctrl-C and SIGTERM end it in good order; what fails is said in words."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_started = False
    try:
        with console.status("正在启动 / starting"):
            suite.start()
        is_started = True
        yield suite
    except KeyboardInterrupt:
        # A second Ctrl-C would leave the services without the time that they need.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say("正在停止，请稍候 / stopping: the services finish what they have in hand")
        if not is_started:
            raise typer.Exit(INTERRUPTED) from None
    except (AlreadyRunning, ServerFailed, StartFailed) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    finally:
        suite.stop()
        say(f"已停止；数据在 {suite.var} / stopped; the data are in {suite.var}")


@app.command()
def token(
    staff_code: str,
    unit: str,
    roles: list[str],
    var: Annotated[Path, typer.Option(help="where data and secrets are")] = VAR,
) -> None:
    """Print a development token for somebody whom you brought in yourself, with the ROLES held."""
    if not (var / "keys").exists():
        raise typer.BadParameter(f"nothing was ever started in {var}")
    issuer = DevelopmentIssuer(var / "keys")
    typer.echo(issuer.mint(staff_code, unit, roles, SystemClock().now()))


def show(suite: Suite) -> None:
    """Print the address and the documents of each service, and a token for each role."""
    services = Table("service", "URL", "API documentation", title="服务 / services")
    for service, url in suite.urls.items():
        services.add_row(service, url, f"{url}/v1/docs")
    console.print(services)
    console.print(WARNING, style="bold red", markup=False)
    for person in CAST:
        who = f"{' '.join(person.roles)} {person.staff_code} ({person.unit})"
        token = _keep_token(suite, person).read_text()
        console.print(f"[bold]{who}[/bold]\n{token}", soft_wrap=True)
    shown = _shown(_keep_token(suite, CAST[0]))
    console.print(f"每个令牌也在 / each token is also in {shown.parent}/", soft_wrap=True)
    console.print("运维命令所需的环境 / what the operators' commands need to know:")
    console.print(f"set -a; . {_shown(suite.environment_file)}; set +a", soft_wrap=True)
    console.print(
        f'curl -H "Authorization: Bearer $(cat {shown})" {suite.urls["registry"]}/v1/units',
        soft_wrap=True,
        markup=False,
    )


def _shown(path: Path) -> Path:
    """`path` as a person types it in the project's folder."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _keep_token(suite: Suite, person: Person) -> Path:
    """The file that holds a fresh token of `person`."""
    file = suite.var / "tokens" / person.staff_code
    file.parent.mkdir(exist_ok=True, mode=0o700)
    issuer = suite.environment.issuer
    file.write_text(issuer.mint(person.staff_code, person.unit, person.roles, SystemClock().now()))
    return file


if __name__ == "__main__":
    app()
