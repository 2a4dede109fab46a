"""Stories of care."""
