"""Proposals and tiers as they are kept."""
