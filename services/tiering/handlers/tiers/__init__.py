"""Proposals decided and tiers in force."""
