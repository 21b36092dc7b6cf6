"""(c): what each idle process holds."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.site import Site


def resident_megabytes(site: Site) -> dict[str, float]:
    """Resident memory of every process of the suite, in MB, by process name."""
    return {
        name: _resident(child.process.pid) for name, child in sorted(site.suite.children.items())
    }


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024
