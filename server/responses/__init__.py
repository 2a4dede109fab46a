"""Responses and thanks: what people say to a story or an experiment."""
