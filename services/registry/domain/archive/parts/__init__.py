"""What the parts of an archive consist of (R-61 to R-65)."""
