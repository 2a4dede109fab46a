"""What keeps people safe: who is kept apart from whom, and what is reported to the stewards."""
