"""The schema, step by step. Until the first release there is one, and it is written anew."""
