"""Cases, their clocks and limits."""
