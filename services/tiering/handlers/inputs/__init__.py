"""What is scored: revenue, usage, credit, denominators, owners."""
