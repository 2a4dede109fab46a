"""A long bad day: `python -m bench.soak` runs a hub of several processes among many servers while
things fail, and says what was lost, doubled or out of order (nothing, if all is well).
"""
