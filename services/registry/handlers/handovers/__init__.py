"""Hand-overs: what one person had goes to others."""
