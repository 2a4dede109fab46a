"""Search: what is known here of this hub and its network, by its words and by what it is about."""
