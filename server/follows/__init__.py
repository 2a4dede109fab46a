"""Who follows whom, here and elsewhere."""
