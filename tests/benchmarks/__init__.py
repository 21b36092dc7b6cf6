"""Ratios against a bare floor measured in the same run: `make bench`. No test asserts a time."""
