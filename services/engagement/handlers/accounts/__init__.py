"""What the suite says about customers, and hand-overs."""
