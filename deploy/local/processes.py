"""Child processes that never outlive us: the embedded servers and the services of a local start.

Every child gets a session of its own, so that Ctrl-C reaches only the launcher, which then stops
everything in order. A leash ends the child if we ourselves are killed without a chance to do so.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

# `read` ends with a line when we let the child go, and with end-of-file when we die.
_LEASH = 'read -r _ || kill -"$2" "$1"'


# Below the ports that the kernel gives to outgoing connections, or one of those comes first; each
# at most once, or two children that are being started get the same.
_PORTS = iter(random.sample(range(20_000, 32_768), 12_768))


def free_port(preferred: int | None = None) -> int:
    """A TCP port of the loopback that is free now: `preferred` if it is, else one never given."""
    for port in chain(() if preferred is None else (preferred,), _PORTS):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free TCP port on 127.0.0.1")


@dataclass
class Child:
    """One child process, its output in `log`, its leash beside it."""

    process: subprocess.Popen[bytes]
    leash: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(
        cls,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        folder: Path | None = None,
        farewell: signal.Signals = signal.SIGTERM,
    ) -> Child:
        """Start `command` with its output appended to `log`.

        `user` is the account it runs as (None: ours); `farewell` is the signal that the leash sends
        if we die first.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                cwd=folder,
                user=user,
                group=None if user is None else _group_of(user),
                extra_groups=None if user is None else [],
                start_new_session=True,
            )
        leash = subprocess.Popen(
            ["sh", "-c", _LEASH, "leash", str(process.pid), str(int(farewell))],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        return cls(process, leash, log)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send `number`; nothing happens if the child has ended."""
        if self.is_running:
            self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM, *, within_seconds: float = 25) -> int:
        """Ask the child to end, kill it if it has not `within_seconds`; its exit code."""
        self.send(number)
        try:
            code = self.process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._let_go()
        return code

    def kill(self) -> None:
        """End the child as a power cut would: kill -9, and no farewell."""
        self.process.kill()
        self.process.wait()
        self._let_go()

    def last_words(self, lines: int = 15) -> str:
        """The end of the child's output, for an error message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _let_go(self) -> None:
        if self.leash.stdin is not None and not self.leash.stdin.closed:
            try:
                self.leash.stdin.write(b"\n")
                self.leash.stdin.close()
            except BrokenPipeError:
                pass
        self.leash.wait()


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def is_answering(url: str) -> bool:
    """Whether a GET of `url` answers 200 within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def is_root() -> bool:
    """Whether we run as root, which PostgreSQL refuses to do."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def is_open_to_all(path: Path) -> bool:
    """Whether every account may pass through all folders above `path` that exist."""
    above = [parent for parent in path.resolve().parents if parent.exists()]
    return all(parent.stat().st_mode & 0o001 for parent in above)
