"""Sealing: confidential values are encrypted at rest, and keys can be rotated."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotOpen(Exception):
    """Sealed with a key that this process does not hold, or altered since."""


class Box:
    """Seals and opens bytes (Fernet: AES-128-CBC with HMAC-SHA256).

    `keys` are URL-safe base64 Fernet keys, comma-separated: the first seals, all open, so a site
    rotates by putting a new key in front and dropping the old one when everything is resealed.
    """

    def __init__(self, keys: str) -> None:
        self._fernet = MultiFernet([Fernet(key.strip().encode()) for key in keys.split(",")])

    def seal(self, plain: bytes) -> bytes:
        """Encrypt `plain` with the newest key."""
        return self._fernet.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt what `seal` made. Raises CannotOpen."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise CannotOpen("sealed with an unknown key, or altered") from error

    def reseal(self, sealed: bytes) -> bytes:
        """Encrypt anew with the newest key. Raises CannotOpen."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            raise CannotOpen("sealed with an unknown key, or altered") from error


def new_key() -> str:
    """A fresh key for `Box`."""
    return Fernet.generate_key().decode()
