"""The schema, step by step. Until the first release there is one step: `make migration` writes it anew."""
