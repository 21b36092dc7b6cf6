"""What forms name: customers as far as they are in sight, and units (X-05)."""

from __future__ import annotations

from shared.directory.grants import visible

CUSTOMERS = f"""
SELECT customer_key, customer_id, name FROM kit.customers c
WHERE customer_key = ANY(CAST(:keys AS uuid[])) AND {visible("money", "c.customer_key")}
"""
"""ID and name of those of :keys whose money the caller may see."""

UNITS = "SELECT unit, name FROM kit.units WHERE unit = ANY(CAST(:units AS text[]))"
