"""A Fettle node."""
