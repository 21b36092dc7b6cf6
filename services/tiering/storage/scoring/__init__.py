"""Runs and scores as they are kept."""
