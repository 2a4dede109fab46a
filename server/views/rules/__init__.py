"""What a view may be called, what it shows, when letters about it are due. Pure."""
