"""`python -m tests.benchmarks.importing`: what bringing in a register of customers costs.

Starts the suite with registry's worker alone, writes a made-up register, looks at it in a dry run,
brings it in, kills that on the way, starts it again, and waits until registry has taken everything.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from deploy.local.cast import load_cast
from deploy.local.folders import ROOT
from deploy.local.servers import EmbeddedNats
from deploy.local.suite import Suite
from tests.benchmarks import customers_file
from tests.benchmarks.memory import megabytes
from tests.benchmarks.processor import seconds_used
from tests.benchmarks.site import Site

_GIGABYTE = 1024**3
_MAPPING = """
kind: customers
system: erp
events:
  customer_opened:
    fields:
      code: code
      name: name
      division_code: division
      unified_credit_code: credit_code
      phone: phone
      registered_capital: capital
      industry: industry
      owner_unit: {constant: GZ}
      opened_on: {constant: 2024-01-01}
      opening: {constant: true}
"""


@dataclass(slots=True)
class Step:
    """One command, or the wait for registry: what it took and what it said."""

    name: str
    seconds: float = 0.0
    python: float = 0.0
    """Processor seconds of the command itself."""
    worker: float = 0.0
    postgres: float = 0.0
    megabytes: float = 0.0
    """The most that the command (or registry's worker) held."""
    said: str = ""


def main(
    customers: Annotated[int, typer.Option(help="rows of the file")] = 100_000,
    looked_at: Annotated[
        int | None, typer.Option(help="rows of the dry run; all if left out, 0: none")
    ] = None,
    killed_after: Annotated[float, typer.Option(help="seconds; 0: never")] = 0.0,
) -> None:
    """Write the file, bring it in, print."""
    with (
        tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder,
        Suite(
            Path(folder) / "var",
            say=lambda line: None,
            sweeps="manual",
            is_durable=False,
            first_port=None,
            nats=EmbeddedNats(Path(folder) / "var" / "nats", max_store_bytes=24 * _GIGABYTE),
            stream_bytes=12 * _GIGABYTE,
        ) as suite,
    ):
        load_cast(suite)
        site = Site(suite)
        asyncio.run(site.drained("registry"))
        site.run_only("registry-worker")
        steps = list(_steps(site, Path(folder), customers, looked_at, killed_after))
        Console(width=160).print(_table(customers, steps))


def _steps(
    site: Site, folder: Path, customers: int, looked_at: int | None, killed_after: float
) -> Iterator[Step]:
    (folder / "mapping.yaml").write_text(_MAPPING, encoding="utf-8")
    file, part = folder / "register.csv", folder / "part.csv"
    customers_file.write(file, customers)
    if looked_at != 0:
        customers_file.write(part, looked_at or customers)
        yield _import(site, f"dry run of {looked_at or customers:,}", part, "--dry-run")
    if killed_after:
        yield _import(site, f"killed after {killed_after:.0f} s", file, seconds=killed_after)
    yield _import(site, f"all {customers:,}", file)
    step = Step("until registry has taken all")
    with _measured(site, step):
        asyncio.run(site.drained("registry"))
    step.megabytes = megabytes(site.suite.children["registry-worker"].process.pid, "VmHWM")
    yield step
    yield _import(site, "all once more", file)


def _import(site: Site, name: str, file: Path, *more: str, seconds: float | None = None) -> Step:
    """Run the command of the import; with `seconds` it is killed then."""
    environment = site.suite.environment
    step = Step(name)
    words = [
        *(environment.python, "-m", "services.registry", "import", "customers", str(file)),
        *("--mapping", str(file.with_name("mapping.yaml"))),
        *("--errors", str(file.with_name("errors.csv")), *more),
    ]
    with _measured(site, step), tempfile.TemporaryFile() as report:
        child = subprocess.Popen(
            words,
            cwd=ROOT,
            stdout=report,
            stderr=subprocess.DEVNULL,
            env=environment.variables(IMPORT_FOLDER=str(file.with_name("progress"))),
        )
        if seconds is not None:
            time.sleep(seconds)
            child.send_signal(signal.SIGKILL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert seconds is not None or child.returncode in (0, 1), child.returncode
        report.seek(0)
        step.said = _said(report.read())
    step.python = used.ru_utime + used.ru_stime
    step.megabytes = used.ru_maxrss / 1024
    return step


@contextmanager
def _measured(site: Site, step: Step) -> Iterator[None]:
    before, started = seconds_used(), time.monotonic()
    worker = _seconds(site)
    yield
    step.seconds = time.monotonic() - started
    step.postgres = seconds_used()["postgres"] - before["postgres"]
    step.worker = _seconds(site) - worker


def _seconds(site: Site) -> float:
    """Processor seconds of registry's worker so far."""
    pid = site.suite.children["registry-worker"].process.pid
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _said(report: bytes) -> str:
    if not report:
        return ""
    told = orjson.loads(report)
    remarks = sum(told.get("remarks", {}).values())
    return (
        f"{told['lines_read']:,} read, {told['sent']:,} sent, {told['sent_before']:,} known,"
        f" {told['refused_rows']:,} refused, {remarks:,} remarks"
    )


def _table(customers: int, steps: Sequence[Step]) -> Table:
    table = Table(
        *("step", "seconds", "command's CPU s", "worker's CPU s", "PostgreSQL's CPU s", "MB"),
        "report",
        title=f"a register of {customers:,}",
    )
    for step in steps:
        figures = (step.seconds, step.python, step.worker, step.postgres, step.megabytes)
        table.add_row(step.name, *(f"{figure:,.0f}" for figure in figures), step.said)
    return table


if __name__ == "__main__":
    typer.run(main)
