"""Registry: who the customer is, whose it is, and the proof."""
