"""Whom this hub follows, many at a time: lists of hubs in and out, and what comes of them."""
