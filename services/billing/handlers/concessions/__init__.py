"""What is given up for a customer."""
