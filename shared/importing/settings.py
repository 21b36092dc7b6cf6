"""What only an import is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from shared.errors import Refusal
from shared.messaging.topology import IMPORT_PREFIX


class NoPassword(Refusal):
    """Nobody told us the password of the importer's NATS user."""

    code = "no-password"
    title_zh = "缺少密码"
    title_en = "No password"


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What only an import is told by its environment."""

    passwords: Mapping[str, str] = field(repr=False)
    """`IMPORT_ERP_NATS_PASSWORD`: of the NATS user `import-erp`. Only events need one."""
    folder: Path = Path("var/import")
    """Where progress is kept (`IMPORT_FOLDER`), so that a broken import goes on."""

    @classmethod
    def from_environment(cls) -> Self:
        """As the environment says."""
        return cls(os.environ, Path(os.environ.get("IMPORT_FOLDER") or "var/import"))

    def password(self, system: str) -> str:
        """The password of `import-<system>`. Raises NoPassword."""
        name = f"{IMPORT_PREFIX}{system}".upper().replace("-", "_") + "_NATS_PASSWORD"
        if not self.passwords.get(name):
            raise NoPassword(
                f"请在环境变量 {name} 中给出 NATS 用户 {IMPORT_PREFIX}{system} 的密码",
                f"set {name} to the password of the NATS user {IMPORT_PREFIX}{system}",
            )
        return self.passwords[name]
