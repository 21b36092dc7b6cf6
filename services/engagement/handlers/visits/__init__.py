"""Visits, their checks by phone and their expenses."""
