"""The ledger, and what is told from it."""
