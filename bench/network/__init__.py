"""The network at scale: `python -m bench.network` plays hundreds of hubs in one process, has one
that is made of real processes subscribe to all of them, and measures how it keeps up.
"""
