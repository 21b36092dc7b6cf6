"""`python -m shared.contracts write | check`: publish the contracts, or see that they are."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .publication import files

_ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when a contract broke or a file is not fresh."""
    parser = argparse.ArgumentParser(prog="python -m shared.contracts", description=__doc__)
    parser.add_argument("action", choices=("write", "check"))
    parser.add_argument("--root", type=Path, default=_ROOT, help="checkout to work on")
    given = parser.parse_args(arguments)
    root: Path = given.root
    broken = files.not_additive(root)
    if broken:
        sys.stderr.write(
            "契约变更不兼容：同一主版本内只能增加。请恢复，或发布新的主版本；"
            "从未随任何版本发布的事件，可删除其旧文件后重写。\n"
            "A contract changed in a way that is not additive: restore it or give it a new major; "
            "if no release ever held the event, delete its file and write it anew.\n"
        )
        sys.stderr.writelines(f"{breach}\n" for breach in broken)
        return 1
    if given.action == "write":
        for file in files.write(root):
            sys.stdout.write(f"{file.relative_to(root)}\n")
        return 0
    outdated = files.stale(root)
    if outdated:
        sys.stderr.write(
            "以下文件已过时，请运行 make contracts：\n"
            "These files are not fresh, run make contracts:\n"
        )
        sys.stderr.writelines(f"  {file.relative_to(root)}\n" for file in outdated)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
