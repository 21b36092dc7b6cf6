"""What happens in registry: one verb a file; load, decide, save and publish."""
