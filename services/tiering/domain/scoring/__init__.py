"""From what is known to a score with its explanation."""
