"""Learning: what a choice of stories and experiments shows when it is looked at together."""
