"""Objects sold: deposits and purchase agreements."""
