"""How archives are kept: versions, sealed content, permissions, loans, and the audit log."""
