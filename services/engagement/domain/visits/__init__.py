"""Visits that are checked, and their expenses."""
