"""How staff behave: reported misuse, and interests that conflict with their accounts."""
