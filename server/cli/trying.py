"""See it alive: demo."""
