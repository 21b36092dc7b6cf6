"""What happens: one verb a file; load, decide, save and publish."""
