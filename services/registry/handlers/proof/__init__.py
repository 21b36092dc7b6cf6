"""Declarations and the chain that proves them."""
