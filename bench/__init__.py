"""How fast a hub is: `python -m bench` measures and prints a table (docs/performance.md).

The hub that is measured is alone in its process, so that the CPU time of that process is what the
hub costs. Whoever asks it, and whoever it delivers to, lives in the process of the command.
"""
