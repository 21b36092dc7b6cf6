"""How many visits are owed, by when, and whether they were made."""
