"""The rules of following many. Pure."""
