"""Tiering: scores, tiers and why; see README.md."""
