"""`make demo`: a year at a provincial post, played through the public surfaces only."""

from .story import play

__all__ = ["play"]
