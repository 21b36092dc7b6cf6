"""Assets of an archive and who has them (R-71, R-72)."""
