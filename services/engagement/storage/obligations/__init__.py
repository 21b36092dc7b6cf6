"""Obligations as they are kept."""
