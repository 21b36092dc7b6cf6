"""What is owed to customers, computed anew."""
