"""A and B managers."""
