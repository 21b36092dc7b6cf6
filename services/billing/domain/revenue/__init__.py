"""Revenue, and whose it is."""
