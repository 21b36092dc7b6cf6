"""From a score to a tier in force."""
