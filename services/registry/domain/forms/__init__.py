"""What forms and exports may say, and to whom (X-05, X-11)."""
