"""Versions of schemes as they are kept."""
