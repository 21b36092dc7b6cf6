"""What is printed and taken out of the books: form 4, exports (X-05, X-11)."""
