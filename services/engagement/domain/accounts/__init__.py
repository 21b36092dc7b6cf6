"""What the suite says about a customer, and who answers for it."""
