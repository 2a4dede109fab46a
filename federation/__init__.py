"""ActivityPub as a library: no table, no page and no setting of any server."""
