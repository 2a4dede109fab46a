"""Channels: topics, places and single experiments as actors that pass on what belongs to them."""
