"""Words as they are compared, what can be asked, and what a thing is found by. Pure."""
