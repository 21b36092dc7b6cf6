"""What is true of duties, visits and complaints: pure Python, no I/O, no clock."""
