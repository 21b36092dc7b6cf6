"""Compensations: proposed, approved, answered by billing."""
