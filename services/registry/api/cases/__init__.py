"""Disputes and their evidence."""
