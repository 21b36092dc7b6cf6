"""What the suite says about customers, as it is kept."""
