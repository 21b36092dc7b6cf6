"""What a scheme is and when it may be used."""
