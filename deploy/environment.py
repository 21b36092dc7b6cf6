"""`python -m deploy.environment`: fresh secrets for deploy/compose.yaml.

Writes deploy/.env (read by compose), deploy/.env.nats (read by the broker) and a key for
development tokens in deploy/keys/. Nothing that exists is replaced, and git ignores all of it.
For production, replace the three SITE_ lines at the top of .env by those of your identity provider.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from deploy.topology import SERVICES, TOPOLOGY, password_variable
from shared.auth import DEVELOPMENT_ISSUER, DevelopmentIssuer
from shared.crypto import new_key
from shared.messaging.topology import Topology, permissions

DEPLOY = Path(__file__).resolve().parent


def new_password() -> str:
    """A password that no configuration format mistakes for a number or a variable."""
    return f"p{secrets.token_hex(24)}"


def variables() -> tuple[dict[str, str], dict[str, str]]:
    """The variables of the suite, and those of the broker."""
    users = permissions(Topology.load(DEPLOY.parent / TOPOLOGY))
    broker = {password_variable(user): new_password() for user in users}
    suite = {
        "SITE_ENVIRONMENT": "development",
        "SITE_JWT_ISSUER": DEVELOPMENT_ISSUER,
        "SITE_JWKS_URL": "file:///keys/jwks.json",
        "POSTGRES_PASSWORD": new_password(),
        "PROVISIONER_NATS_PASSWORD": broker[password_variable("provisioner")],
    }
    for service in SERVICES:
        name = service.upper()
        suite[f"{name}_DATABASE_PASSWORD"] = new_password()
        suite[f"{name}_NATS_PASSWORD"] = broker[password_variable(service)]
        suite[f"{name}_DATA_KEYS"] = new_key()
    suite["REGISTRY_MARK_KEYS"] = new_key()
    return suite, broker


def write(folder: Path) -> list[str]:
    """Write both files and the keys into `folder`; the names of what was there already instead."""
    files = [folder / ".env", folder / ".env.nats"]
    present = [file.name for file in files if file.exists()]
    if not present:
        for file, content in zip(files, variables(), strict=True):
            file.touch(mode=0o600)
            file.write_text("".join(f"{name}={value}\n" for name, value in content.items()))
        DevelopmentIssuer(folder / "keys")
    return present


def main() -> int:
    """Run the command; 1 when there was nothing to write."""
    present = write(DEPLOY)
    if present:
        sys.stderr.write(f"deploy/ has {', '.join(present)} already; remove them for new ones\n")
        return 1
    sys.stdout.write("written: deploy/.env, deploy/.env.nats, deploy/keys/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
