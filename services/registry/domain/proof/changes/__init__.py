"""Changes of a customer that are applied for: filed, decided, performed (R-29)."""
