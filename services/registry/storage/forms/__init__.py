"""What forms show: rows as they are printed, each behind the caller's scope."""
