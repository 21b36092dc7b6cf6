"""Whose a customer is, and who may see it."""
