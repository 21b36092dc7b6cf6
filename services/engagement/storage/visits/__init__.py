"""Visits, checks and claims as they are kept."""
