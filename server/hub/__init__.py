"""The hub itself: its set-up, its face, its words, its actor and the node's."""
