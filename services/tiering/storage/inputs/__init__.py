"""What is scored, as it is kept."""
