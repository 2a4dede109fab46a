"""What an experiment is made of. Pure."""
