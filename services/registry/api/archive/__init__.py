"""The archive over HTTP: parts, permissions, dealings, loans, and the log of who read what."""
