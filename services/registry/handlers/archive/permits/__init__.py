"""Permissions to read an archive: asked for, decided, revoked (R-70, R-73)."""
