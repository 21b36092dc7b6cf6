"""What happens when customers are taken out of the system (X-11)."""
