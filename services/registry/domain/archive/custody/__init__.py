"""What belongs to archives besides their parts, and who has it (R-71, R-72)."""
