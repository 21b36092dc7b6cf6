"""What is true of customers, centres and ownership: pure Python, no I/O, no clock."""
