"""Where a local start keeps its data. Standard library only: `make clean` needs no installation."""

from __future__ import annotations

import fcntl
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from .processes import is_open_to_all, is_root

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"


class AlreadyRunning(RuntimeError):
    """Another local start uses the same data."""


def postgres_folder(var: Path) -> Path:
    """Where PostgreSQL keeps its data: below `var`, unless its account could not get there.

    Root has PostgreSQL run by an unprivileged account, which cannot pass through a private folder
    (root's home, say). Opening up such a folder is not ours to do, so the data go elsewhere.
    """
    if not is_root() or is_open_to_all(var / "postgres"):
        return var / "postgres"
    digest = sha256(str(var).encode()).hexdigest()[:12]
    return Path(f"/var/tmp/dakehu-{digest}/postgres")


@contextmanager
def held(var: Path) -> Iterator[None]:
    """Keep others from starting on, or cleaning away, the data in `var`. Raises AlreadyRunning."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                f"{var} 正在使用中：先停止另一个 make run / in use: stop the other make run first"
            ) from error
        yield


def clean(var: Path = VAR) -> None:
    """Remove all data of local starts. Raises AlreadyRunning."""
    if var.exists():
        with held(var):
            elsewhere = postgres_folder(var).parent
            if elsewhere != var:
                shutil.rmtree(elsewhere, ignore_errors=True)
            shutil.rmtree(var)


if __name__ == "__main__":
    try:
        clean()
    except AlreadyRunning as error:
        sys.exit(str(error))
