"""Every actor and host known, ours and theirs, with their keys."""
