"""Experiments: what people try, and what they learn."""
