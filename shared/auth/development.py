"""Tokens for a person trying things: signed with a local key, good for a working day.

Production settings refuse this issuer. Whoever uses it says so loudly (`WARNING`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm

from shared.identifiers import new_id

DEVELOPMENT_ISSUER = "dakehu-development"
DEVELOPMENT_LIFETIME = timedelta(hours=8)
WARNING = (
    "!!! 开发令牌：由本机密钥签发，仅供试用，生产环境拒绝接受\n"
    "!!! DEVELOPMENT TOKEN: signed with a key on this machine, for trying things only;"
    " production refuses it"
)
_KEY_ID = "development"


class DevelopmentIssuer:
    """Mints tokens with the key kept in `folder`; makes the key and its public set when missing."""

    def __init__(self, folder: Path, audience: str = "dakehu") -> None:
        self._audience = audience
        key_file = folder / "token-key.pem"
        self._jwks_file = folder / "jwks.json"
        if not key_file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _write_key(key_file)
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        assert isinstance(key, Ed25519PrivateKey)
        self._key = key
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        shown = {"keys": [{**public, "kid": _KEY_ID, "alg": "EdDSA", "use": "sig"}]}
        if not self._jwks_file.exists():
            self._jwks_file.write_text(json.dumps(shown))

    @property
    def jwks_url(self) -> str:
        """What `SITE_JWKS_URL` has to be for services to accept these tokens."""
        return self._jwks_file.resolve().as_uri()

    def mint(
        self,
        staff_code: str,
        unit: str,
        roles: Iterable[str],
        now: datetime,
        *,
        scope: str = "",
        lifetime: timedelta = DEVELOPMENT_LIFETIME,
        acted_by: str | None = None,
    ) -> str:
        """A token that says that the caller is `staff_code` of `unit`, issued at `now`."""
        claims: dict[str, object] = {
            "iss": DEVELOPMENT_ISSUER,
            "aud": self._audience,
            "sub": staff_code,
            "jti": str(new_id()),
            "iat": now,
            "exp": now + lifetime,
            "unit": unit,
            "roles": sorted(roles),
            "scope": scope,
        }
        if acted_by is not None:
            claims["act"] = {"sub": acted_by}
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": _KEY_ID})


def _write_key(file: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(pem)
