"""Facts about who is the same as whom."""

from __future__ import annotations

from services.registry.domain.identity.merging import Identity
from shared.contracts.envelope import Entity
from shared.contracts.registry import CustomerIdentityChanged


def customer_identity_changed(identity: Identity) -> CustomerIdentityChanged:
    """Whom a customer is part of from now on; who decided it and why stays here (R-81)."""
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(identity.customer_key), version=identity.version),
        customer_key=identity.customer_key,
        survivor=identity.survivor,
        on=identity.on,
    )
