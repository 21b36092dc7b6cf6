"""(c): what each idle process holds."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.site import Site


def resident_megabytes(site: Site) -> dict[str, float]:
    """Resident memory of every process of the suite, in MB, by process name."""
    return {
        name: megabytes(child.process.pid) for name, child in sorted(site.suite.children.items())
    }


def megabytes(pid: int, what: str = "VmRSS") -> float:
    """What a process holds now (`VmRSS`), or has held at most (`VmHWM`), in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith(f"{what}:")]
    return int(line.split()[1]) / 1024
