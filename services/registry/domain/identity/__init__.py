"""Who is the same as whom, and how a customer is found."""
