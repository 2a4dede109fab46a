"""Pictures: ours, and our copies of others'."""
