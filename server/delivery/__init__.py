"""The way out: activities as they were written, and a lane for every host."""
