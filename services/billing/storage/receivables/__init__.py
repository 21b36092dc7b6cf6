"""What is owed, what was paid, and what paid what."""
