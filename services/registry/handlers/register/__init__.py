"""Customers and their IDs."""
