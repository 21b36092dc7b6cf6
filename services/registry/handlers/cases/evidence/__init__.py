"""What speaks for whom in a dispute: gathered, put forward and weighed."""
