"""Saved views: a choice among all that is known, with a name, a page, feeds, files and letters."""
