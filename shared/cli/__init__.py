"""The operators' commands, the same for every service: `python -m services.<name> …`."""

from shared.cli.main import run

__all__ = ["run"]
