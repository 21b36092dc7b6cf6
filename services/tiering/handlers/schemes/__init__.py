"""Schemes: drafted, revised, activated."""
