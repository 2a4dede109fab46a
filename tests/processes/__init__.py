"""The real command in processes of its own: what an operator does, and what goes wrong."""
