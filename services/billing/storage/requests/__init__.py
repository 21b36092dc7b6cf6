"""What one person asks for and another decides: corrections, refunds, write-offs."""
