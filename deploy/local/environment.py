"""What the processes of a local start are told, and running one command with it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from shared.auth import DEVELOPMENT_ISSUER, DevelopmentIssuer
from shared.crypto import new_key

from .folders import ROOT
from .secrets import Secrets

_OURS = ("SITE_", "NATS_", "IMPORT_", "SWEEPS", "LOG_LEVEL")


class StartFailed(RuntimeError):
    """A command or a process did not do its part; the message ends with its last output."""


class Environment:
    """Environment variables for services. What our own environment says comes before our choice."""

    def __init__(self, var: Path, services: tuple[str, ...], sweeps: str) -> None:
        self.python = sys.executable
        self._ours = (*_OURS, *(f"{service.upper()}_" for service in services))
        self.secrets = Secrets(var / "secrets.json")
        self.issuer = DevelopmentIssuer(var / "keys")
        self._chosen = {
            "SITE_ENVIRONMENT": "development",
            "SITE_JWT_ISSUER": DEVELOPMENT_ISSUER,
            "SITE_JWKS_URL": self.issuer.jwks_url,
            "SWEEPS": sweeps,
            "PYTHONUNBUFFERED": "1",
        }
        for service in services:
            name = f"{service.upper()}_DATA_KEYS"
            self._chosen[name] = self.secrets.get(name, new_key)
        marks = "REGISTRY_MARK_KEYS"
        self._chosen[marks] = self.secrets.get(marks, new_key)

    def is_given(self, name: str) -> bool:
        """Whether whoever starts us names it: `NATS_URL`, `BILLING_DATABASE_URL` …"""
        return bool(os.environ.get(name))

    def choose(self, name: str, value: str) -> None:
        """Tell the processes that `name` is `value`, unless it is given."""
        self._chosen[name] = value

    def variables(self, **more: str) -> dict[str, str]:
        """All variables of one process; `more` are its own."""
        return {**self._chosen, **os.environ, **more}

    def keep(self, file: Path) -> None:
        """Write `file`, for us alone: what a shell needs for the operators' commands.

        `set -a; . FILE; set +a` reads it. Of what was given, only what is meant for the suite.
        """
        given = {name: value for name, value in os.environ.items() if name.startswith(self._ours)}
        told = sorted({**self._chosen, **given}.items())
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in told))

    def operate(self, service: str, *arguments: str) -> str:
        """Run an operators' command of `service`; what it prints. Raises StartFailed."""
        return self.run("-m", f"services.{service}", *arguments)

    def run(self, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
        """Run Python with `arguments`; what it prints. Raises StartFailed."""
        done = subprocess.run(
            [self.python, *arguments],
            env=self.variables(**(variables or {})),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StartFailed(f"{' '.join(arguments)}\n{done.stdout[-4000:]}")
        return done.stdout
