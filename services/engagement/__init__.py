"""Engagement: whom we visit and how often, what was promised, and what customers complain of."""
