"""Sealing: confidential values are encrypted at rest, and keys can be rotated.

What is sealed cannot be looked for. A mark can: the same text under the same key has the same mark,
and nobody without the key can tell what it is a mark of, or try all telephone numbers.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_KEY_BYTES = 32


class CannotOpen(Exception):
    """Sealed with a key that this process does not hold, or altered since."""


class NoMarkKeys(Exception):
    """The process was given no keys for marks."""


class Marks:
    """Makes keyed marks of confidential values: a blind index (HMAC-SHA256).

    `keys` are URL-safe base64 keys of 32 bytes, comma-separated, as `new_key` makes them: the first
    marks, a question is asked under all of them. A site rotates by putting a new key in front,
    having the marks made anew, and dropping the old one. Raises ValueError for what is no key.
    """

    def __init__(self, keys: str) -> None:
        self._keys = tuple(_key(text.strip()) for text in keys.split(","))
        self.key_id = hmac.digest(self._keys[0], b"key", hashlib.sha256)[:6].hex()
        """Which key marks now, without telling anything about it."""

    def mark(self, kind: str, text: str) -> bytes:
        """The mark of `text` under the newest key; equal texts of two kinds have two marks."""
        return _mark(self._keys[0], kind, text)

    def every(self, kind: str, text: str) -> list[bytes]:
        """The marks of `text` under each key, the newest first: what a question looks for."""
        return [_mark(key, kind, text) for key in self._keys]


class Box:
    """Seals and opens bytes (Fernet: AES-128-CBC with HMAC-SHA256).

    `keys` are URL-safe base64 Fernet keys, comma-separated: the first seals, all open, so a site
    rotates by putting a new key in front and dropping the old one when everything is resealed.
    `mark_keys` are those of `marks`, for a service that looks confidential values up.
    """

    def __init__(self, keys: str, mark_keys: str | None = None) -> None:
        self._marks = Marks(mark_keys) if mark_keys is not None else None
        held = [key.strip().encode() for key in keys.split(",")]
        self._fernet = MultiFernet([Fernet(key) for key in held])
        self.newest = hashlib.sha256(b"dakehu data key\n" + held[0]).hexdigest()[:16]
        """Names the key that seals now without telling it: what has another name is resealed."""

    @property
    def marks(self) -> Marks:
        """Keyed marks of confidential values. Raises NoMarkKeys where the service has no keys."""
        if self._marks is None:
            raise NoMarkKeys("this process was given no keys for marks")
        return self._marks

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
    """A fresh key for `Box` or `Marks`."""
    return Fernet.generate_key().decode()


def _key(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text.encode())
    except binascii.Error as error:
        raise ValueError("a mark key is URL-safe base64") from error
    if len(key) != _KEY_BYTES:
        raise ValueError(f"a mark key has {_KEY_BYTES} bytes")
    return key


def _mark(key: bytes, kind: str, text: str) -> bytes:
    return hmac.digest(key, f"{kind}\x1f{text}".encode(), hashlib.sha256)
