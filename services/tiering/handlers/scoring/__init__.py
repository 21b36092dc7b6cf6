"""Runs of scores, and scores that went stale."""
