"""What forms show: rows as they are printed, each behind the caller's scope (X-05)."""

from __future__ import annotations

from services.registry.storage.reports import CUSTOMER
from shared.directory.grants import visible, visible_unit


def _name_of(column: str) -> str:
    """The name of a member of staff; NULL for people whom the caller does not see."""
    return (
        f"(SELECT people.name FROM staff_states people WHERE people.staff_code = {column}"
        f" AND people.effective_on <= :today AND {visible_unit('people.unit')}"
        " ORDER BY people.version DESC LIMIT 1)"
    )


CLASSIFICATION = f"""
SELECT found.customer_id, found.name, found.kind, found.industry, found.state, found.declared_on,
       found.owner_unit, owners.name AS owner_name, graded.tier, graded.effective_on AS graded_on,
       scored.shown AS score,
       held.a_staff_code, {_name_of("held.a_staff_code")} AS a_name,
       held.b_staff_code, {_name_of("held.b_staff_code")} AS b_name, held.lead_staff_code
FROM ({CUSTOMER}) found
LEFT JOIN kit.units owners ON owners.unit = found.owner_unit
LEFT JOIN LATERAL (
    SELECT tiers.tier, tiers.effective_on FROM tiers
    WHERE tiers.customer_key = found.customer_key AND tiers.scheme = :scheme
        AND tiers.effective_on <= :today
    ORDER BY tiers.version DESC LIMIT 1) graded ON true
LEFT JOIN scores scored ON scored.customer_key = found.customer_key AND scored.scheme = :scheme
LEFT JOIN managers held ON held.customer_key = found.customer_key
WHERE found.state <> 'closed'
    AND found.owner_unit IN (SELECT unit FROM kit.unit_closure WHERE ancestor = :unit)
ORDER BY array_position(CAST(:tiers AS text[]), graded.tier), graded.tier,
         scored.shown DESC NULLS LAST, found.name, found.customer_key
LIMIT :most
"""
"""Living customers in sight that `unit` or a unit below it owns, by tier and score (R-35)."""

DECLARATION = f"""
SELECT d.*, c.customer_id, declaring.name AS declaring_name,
       {_name_of("d.declared_by")} AS declared_name, {_name_of("d.decided_by")} AS decided_name
FROM declarations d JOIN customers c USING (customer_key)
LEFT JOIN kit.units declaring ON declaring.unit = d.declaring_unit
WHERE d.declaration_id = :id AND {visible("base", "d.customer_key")}
"""
"""A declaration as it stands; what was declared says its first entry in the chain (R-21)."""

CHAIN = """
SELECT sequence, recorded_at, payload, previous_hash, hash
FROM declaration_chain WHERE declaration_id = :id ORDER BY sequence
"""
"""The entries of one declaration, byte for byte (R-21); ask for the declaration before."""

UNIT_NAMES = "SELECT unit, name FROM kit.units WHERE unit = ANY(CAST(:units AS text[]))"

OWN_NAME = """
SELECT name FROM staff_states WHERE staff_code = :staff AND effective_on <= :today
ORDER BY version DESC LIMIT 1
"""
