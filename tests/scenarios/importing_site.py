"""A running suite beside which an operator types commands and people ask over HTTP."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deploy.local.folders import ROOT
from deploy.local.suite import Suite

DIRECTOR = ("P002", "GD", "director")
FINANCE = ("G006", "GZ", "finance")
OPERATOR = ("P004", "GD", "operator")
Person = tuple[str, str, str]


@dataclass(frozen=True)
class Done:
    """What a command said: its exit code, its report and the words for people."""

    code: int
    report: dict[str, Any]
    words: str


@dataclass(frozen=True)
class Site:
    """The suite, and a folder for the files of one test."""

    suite: Suite
    folder: Path

    def write(self, name: str, content: str | bytes) -> Path:
        """A file in the folder; text as UTF-8."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def imports(self, service: str, kind: str, file: str, *options: str) -> Done:
        """`python -m services.<service> import KIND FILE …`, typed in the folder."""
        done = self._type(service, "import", kind, file, *options)
        report = json.loads(done.stdout) if done.stdout else {}
        return Done(done.returncode, report, done.stderr)

    def drain(self, *services: str) -> None:
        """`drain --wait` of each, in that order."""
        for service in services:
            assert self._type(service, "drain", "--wait").returncode == 0

    def sweep(self, service: str) -> None:
        """The site begins to watch what falls due: `sweep` of today."""
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
        done = self._type(service, "sweep", "--from", today, "--to", today)
        assert done.returncode == 0, done.stderr

    def get(self, who: Person, service: str, path: str, **query: str | int) -> Any:
        """The decoded answer to a GET as `who`."""
        code, unit, role = who
        token = self.suite.environment.issuer.mint(code, unit, [role], datetime.now(UTC))
        headers = {"authorization": f"Bearer {token}"}
        url = f"{self.suite.urls[service]}{path}"
        answer = httpx.get(url, params=query, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def customer(self, system: str, code: str) -> dict[str, Any]:
        """The customer that registry shows under a code of another system."""
        page = self.get(DIRECTOR, "registry", "/v1/customers", system=system, code=code)
        (found,) = page["items"]
        return dict(found)

    def revenue_of(self, customer_key: str) -> str:
        """Revenue of 2024 as billing reports it; "0.00" when nothing is known."""
        period = {"from_on": "2024-01-01", "until_on": "2024-12-31"}
        page = self.get(DIRECTOR, "billing", "/v1/revenue", customer_key=customer_key, **period)
        return next((str(row["amount"]) for row in page["items"]), "0.00")

    def fate(self, service: str, fact: str) -> str:
        """What became of an outside fact (`erp/revenue_recorded/R-1`)."""
        return str(self.get(OPERATOR, service, f"/v1/facts/{fact}")["state"])

    def _type(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = self.suite.environment
        progress = str(self.folder / "progress")
        return subprocess.run(
            [environment.python, "-m", f"services.{service}", *arguments],
            cwd=self.folder,
            env=environment.variables(PYTHONPATH=str(ROOT), IMPORT_FOLDER=progress),
            capture_output=True,
            text=True,
            check=False,
        )
