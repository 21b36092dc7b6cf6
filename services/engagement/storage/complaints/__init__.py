"""Cases, steps and breaches as they are kept."""
