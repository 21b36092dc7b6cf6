"""How much customers may owe, what they owe and have reserved, and how they pay."""
